/** Plays the autoscaler's decisions one after the other, each with the history of the one before. */
import { decideScale, type ScaleDecision } from '../../../../operator/fleet/scale/decide.ts';
import type { ScaleHistory } from '../../../../operator/fleet/scale/history.ts';
import type { Facts, PodView } from '../../../../operator/fleet/pod.ts';
import { aPod, before, facts, nowMs } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';

/** Pods `a`, `b`, … in DNS with these sessions. */
export function pods(...sessions: readonly number[]): PodView[] {
  return sessions.map((count, index) =>
    aPod({ name: String.fromCodePoint(97 + index), facts: facts({ sessions: count }) }),
  );
}

/** A pod in DNS with these facts. */
export function podWith(name: string, known: Facts): PodView {
  return aPod({ name, facts: known });
}

/** A pod that fell silent `agoMs` ago with that many sessions. */
export function silentPod(name: string, sessions: number, agoMs: number): PodView {
  const last = { sessions, load: 0, measures: { atMs: before(agoMs) } };
  return podWith(name, { answered: false, message: 'no answer', last });
}

/** One that remembers. */
export interface Ticks {
  /** Decides for these pods, `laterMs` after the decision before. */
  next(found: readonly PodView[], laterMs?: number, eligibleNodes?: number): ScaleDecision;
  /** The same again and again, every 10 s for that long. The last decision. */
  watch(found: readonly PodView[], ms: number): ScaleDecision;
  /** Goes on with another spec. */
  change(scaling: object): void;
  /** A new leader: nothing is remembered. */
  restart(): void;
}

/** Sessions decide, 100 a pod and no headroom, unless `scaling` says otherwise; begins at `nowMs`. */
export function ticks(scaling: object = {}): Ticks {
  let spec: object = { ...plain, ...scaling };
  let history: ScaleHistory | undefined;
  let atMs = nowMs;
  const next: Ticks['next'] = (found, laterMs = 0, eligibleNodes) => {
    atMs += laterMs;
    const { replicas, ...rest } = spec as { replicas?: number };
    const cluster = aCluster({ replicas, scaling: { mode: 'Auto', ...rest } });
    const input = { cluster, pods: found, nowMs: atMs, eligibleNodes, history };
    const scaled = decideScale(input);
    history = scaled.history;
    return scaled.decision;
  };
  return {
    next,
    watch(found, ms) {
      let decision = next(found, 10_000);
      for (let passedMs = 10_000; passedMs < ms; passedMs += 10_000) decision = next(found, 10_000);
      return decision;
    },
    change: (more) => void (spec = { ...spec, ...more }),
    restart: () => void (history = undefined),
  };
}

const plain = { minPods: 1, target: { sessionsPerPod: 100 }, headroom: { percent: 0, leadTime: 'Off' } };
