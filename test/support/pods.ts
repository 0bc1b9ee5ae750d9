/** One SFU pod that every fleet test starts from: published, idle, well. */
import type { NodeView } from '../../operator/fleet/nodes/node.ts';
import type { KernelSettings } from '../../operator/fleet/nodes/tuning.ts';
import type { Facts, PodMarks, PodView } from '../../operator/fleet/pod.ts';

/** The moment of all fleet tests, milliseconds since the epoch. */
export const nowMs = Date.parse('2026-11-23T12:00:00Z');

/** `agoMs` before `nowMs`. */
export const before = (agoMs: number): number => nowMs - agoMs;

/** A ready node with an internal address only, like those of kind and k3s. */
export function aNode(change: Partial<NodeView> = {}): NodeView {
  return {
    name: 'n1',
    isReady: true,
    isCordoned: false,
    labels: { 'kubernetes.io/hostname': change.name ?? 'n1' },
    annotations: {},
    taints: [],
    addresses: [
      { type: 'InternalIP', address: '10.99.0.11' },
      { type: 'Hostname', address: 'n1' },
    ],
    ...change,
  };
}

/** What a healthy pod answers: no sessions for an hour. */
export function facts(change: Partial<Facts & { answered: true }> = {}): Facts {
  const idle = { sessionlessSinceMs: before(3_600_000) };
  const base = { answered: true, version: '1.2.6', sessions: 0, load: 0, isDraining: false } as const;
  return (change.sessions ?? 0) > 0 ? { ...base, ...change } : { ...base, ...idle, ...change };
}

/** A kernel with nothing to say against. */
export function aKernel(change: Partial<KernelSettings> = {}): KernelSettings {
  return {
    wantedBufferBytes: 4_194_304,
    receiveBufferBytes: 4_194_304,
    sendBufferBytes: 4_194_304,
    ephemeralPorts: { first: 32_768, last: 60_999 },
    reservedPorts: [],
    shortConntrackLimit: null,
    ...change,
  };
}

/** What is known of a pod that does not answer. */
export const silence: Facts = { answered: false, message: 'no answer within 2000 ms' };

/** A published, idle pod `a` on node `n1`; `marks` are merged, everything else replaced. */
export function aPod(change: Partial<Omit<PodView, 'marks'>> & { marks?: Partial<PodMarks> } = {}): PodView {
  const { marks, ...rest } = change;
  const name = rest.name ?? 'a';
  return {
    name,
    uid: `uid-${name}`,
    resourceVersion: '1',
    revision: 'current',
    createdMs: before(7_200_000),
    nodeName: 'n1',
    node: aNode(),
    isDead: false,
    isReady: true,
    isTerminating: false,
    engine: 'Mediasoup',
    facts: facts(),
    ...rest,
    marks: {
      isPublished: true,
      isBusy: false,
      publishedSinceMs: before(7_000_000),
      firstPublishedMs: before(7_000_000),
      address: '10.99.0.11',
      ...marks,
    },
  };
}

/** A pod that was never in DNS, and is about to be. */
export function aNewPod(change: Partial<Omit<PodView, 'marks'>> = {}): PodView {
  return { ...aPod(change), marks: { isPublished: false, isBusy: false, address: '10.99.0.11' } };
}

/** The same pod before something about it was known. */
export function without(pod: PodView, ...unknown: readonly ('facts' | 'node' | 'nodeName')[]): PodView {
  const known = Object.entries(pod).filter(([key]) => !unknown.some((name) => name === key));
  return Object.fromEntries(known) as unknown as PodView;
}
