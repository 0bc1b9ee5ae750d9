/**
 * The publish gate. One bad host in DNS makes the Calls plugin fail to start,
 * and an empty answer makes it ignore drains: only verified pods go in, and the
 * last ones stay.
 */
import { gte, parse } from 'semver';
import { isPublic, publicEntry } from './address.ts';
import type { PodView, Reason } from './pod.ts';
import { probeProblem, type Verify } from './probe.ts';

/** What the gate asks for. */
export interface GateRules {
  /** Lowest version that may be published. */
  readonly minimumVersion: string;
  /** Whether the first advertised address must be a public one. */
  readonly requirePublic: boolean;
  /** Whether advertised addresses that probes do not reach keep a pod out. */
  readonly verify: Verify;
}

/** A pod may be in DNS, or why not. */
export type GateDecision = { readonly ok: true } | ({ readonly ok: false } & Reason);

/** All five at once: Ready, the API answers, version, address, probe calls. */
export function gate(pod: PodView, rules: GateRules): GateDecision {
  if (pod.addressProblem !== undefined && pod.marks.address === '')
    return { ok: false, ...pod.addressProblem };
  if (!pod.isReady) return closed('NotReady', 'The pod is not ready');
  return addressGate(pod, rules) ?? apiGate(pod, rules) ?? probeGate(pod, rules) ?? { ok: true };
}

function addressGate(pod: PodView, rules: GateRules): GateDecision | undefined {
  const first = publicEntry(pod.marks.address);
  if (first === '') return closed('AddressUnknown', 'The address of its node is not known yet');
  if (rules.requirePublic && !isPublic(first))
    return closed(
      'AddressNotPublic',
      `${first} is a private address and network.address.require is Public: give the node an external address, or set require: Any`,
    );
  return undefined;
}

/**
 * A pod in DNS stays there while its node says it is ready: the kubelet asks the
 * same API from nearer by, and an operator that cannot reach a ready pod is more
 * likely cut off itself.
 */
function apiGate(pod: PodView, rules: GateRules): GateDecision | undefined {
  const { facts } = pod;
  if (facts?.answered !== true) {
    if (pod.marks.isPublished) return undefined;
    return closed(
      'APINotAnswering',
      facts === undefined ? 'Its API was not asked yet' : `Its API does not answer: ${facts.message}`,
    );
  }
  const version = parse(facts.version, true);
  if (version === null) return closed('VersionUnknown', `It reports "${facts.version}", which is no version`);
  if (gte(version, rules.minimumVersion)) return undefined;
  return closed(
    'VersionTooLow',
    `It reports version ${facts.version}, engine.minimumVersion is ${rules.minimumVersion}: use a newer engine.image`,
  );
}

function probeGate(pod: PodView, { verify }: GateRules): GateDecision | undefined {
  const problem = probeProblem(pod, verify);
  return problem && { ok: false, ...problem };
}

function closed(reason: string, message: string): GateDecision {
  return { ok: false, reason, message };
}
