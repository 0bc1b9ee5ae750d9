/** (Pods, revisions, spec, now) → which outdated pods may leave now, what new pods are made of, and why not more. */
import type { Departure, Departures } from '../departures.ts';
import type { PodView, Reason } from '../pod.ts';
import { lastProven, type RecordMark } from './records.ts';
import { nextStep } from './next.ts';
import type { Progress } from './step.ts';
import { look, type RolloutInput, type View } from './view.ts';

/** See the file comment. */
export interface RolloutDecision {
  /** The revision that pods are to be of: that of the spec, or after a failure the last good one. */
  readonly target: string;
  /** The last revision that every pod was of; before there is one, the target. */
  readonly current: string;
  /** What new pods are made of, but for the first `canaries`, which are of the target. */
  readonly base: string;
  readonly canaries: number;
  /** Outdated pods that are drained. */
  readonly departures: Departures;
  /** Pods that may go at once. */
  readonly discards: ReadonlyMap<string, Reason>;
  /** Uids of pods that are to be asked once more before they go. */
  readonly asks: readonly string[];
  /** Serving pods that are wanted while it goes on. */
  readonly wanted: number;
  /** Uids of those that it has added and that have taken another's place by now. */
  readonly settled: ReadonlySet<string>;
  /** Where it stands; absent when there is nothing to tell. */
  readonly progress?: Progress;
  readonly mark?: RecordMark;
  readonly recheckMs?: number;
}

/** See the file comment. */
export function decideRollout(input: RolloutInput): RolloutDecision {
  if (input.cluster.metadata.deletionTimestamp !== undefined) return untouched(input);
  const view = look(input);
  const step = nextStep(view);
  const { target, good } = view;
  const lastGood = good?.revision ?? target;
  const base = step.isOpen ? target : lastGood;
  return {
    ...{ target, current: lastGood, base, canaries: step.canaries ?? 0 },
    ...{ wanted: step.pace.wanted, settled: step.pace.settled },
    departures: departuresOf(view, step.pace.leaving),
    discards: new Map([...unused(view, base), ...(step.discards ?? [])]),
    asks: step.asks ?? [],
    ...(step.progress && { progress: step.progress }),
    ...marked(step.mark ?? view.mark),
    ...recheck([view.recheckMs, step.recheckMs]),
  };
}

function marked(mark: RecordMark | undefined): Pick<RolloutDecision, 'mark'> {
  return mark === undefined ? {} : { mark };
}

function recheck(times: readonly (number | undefined)[]): Pick<RolloutDecision, 'recheckMs'> {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? {} : { recheckMs: Math.min(...known) };
}

/** Of a cluster that is being deleted no pod is worth replacing. */
function untouched({ revision, records, wanted }: RolloutInput): RolloutDecision {
  const current = lastProven(records)?.revision ?? revision;
  const none = {
    canaries: 0,
    departures: new Map(),
    discards: new Map(),
    asks: [],
    settled: new Set<string>(),
  };
  return { ...none, target: revision, current, base: revision, wanted };
}

/** A drain that has begun goes on whatever may begin by now. */
function departuresOf({ crew, target }: View, leaving: readonly PodView[]): Departures {
  const departure = ({ revision }: PodView): Departure => ({
    reason: 'Rollout',
    message: `It is of revision ${revision}, and pods are to be of ${target}`,
    waitsFor: 'Capacity',
  });
  return new Map([...crew.draining, ...leaving].map((pod) => [pod.uid, [departure(pod)]]));
}

function unused({ crew, target }: View, base: string): [string, Reason][] {
  return crew.unused
    .filter(({ revision }) => revision !== base)
    .map(({ uid, revision }) => [
      uid,
      {
        reason: 'Outdated',
        message: `Of revision ${revision} and never published: replaced at once by ${target}`,
      },
    ]);
}
