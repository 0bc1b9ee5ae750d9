/** (pods, roster) → every drain that is under way, and how far it is. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { markFor } from './deadline.ts';
import { tooMany, type Departure, type Departures } from './departures.ts';
import { drainProgress, type DrainDecision } from './drain.ts';
import type { DrainMark, PodView } from './pod.ts';
import type { Roster } from './roster.ts';
import { isUnknown } from './victims.ts';

/** One drain. */
export interface Drain {
  readonly mark: DrainMark;
  /** Who or what wants the pod gone. */
  readonly cause: string;
  readonly progress: DrainDecision;
}

/** What drains depend on beside the pods. */
export interface DrainsContext {
  readonly changes: Roster;
  readonly departures: Departures;
  readonly spec: RtcCluster['spec']['drain'];
  readonly nowMs: number;
}

/** By pod uid. Pods that somebody deletes are among them when they have a reason of ours too, and with it a deadline. */
export function drainsOf(pods: readonly PodView[], context: DrainsContext): Map<string, Drain> {
  const { nowMs, spec } = context;
  const times = {
    propagationMs: spec.propagationSeconds * 1000,
    sessionlessMs: spec.sessionlessSeconds * 1000,
    idleCallMs: spec.idleCallSeconds * 1000,
  };
  const drains = new Map<string, Drain>();
  for (const pod of pods) {
    const [first, ...others] = causesOf(pod, context);
    if (first === undefined) continue;
    const reasons = others.map(({ reason }) => reason);
    const mark = markFor([first.reason, ...reasons], { before: pod.marks.drain, spec, nowMs });
    const cause = [first, ...others].find(({ reason }) => reason === mark.reason)?.message ?? first.message;
    const publishedAtMs = pods.flatMap(({ uid, marks }) =>
      uid === pod.uid ? [] : (marks.publishedSinceMs ?? []),
    );
    const progress = drainProgress(pod, mark, { nowMs, times, publishedAtMs });
    drains.set(pod.uid, { mark, cause, progress: { ...progress, message: `${cause}. ${progress.message}` } });
  }
  return drains;
}

/** Of a drain whose cause is past. */
const itsEnd = 'It is to go';

const past = (reason: string): string =>
  `What it was emptied for (${reason}) is past; it serves again once it has answered and a probe call has got through`;

const forGood = (reason: string): string =>
  `What it was emptied for (${reason}) is past, but a coturn cannot take a drain back: another pod takes its place`;

type CauseText = Pick<Departure, 'reason' | 'message'>;

function causesOf(pod: PodView, { changes, departures }: DrainsContext): readonly CauseText[] {
  const { uid, marks } = pod;
  const causes = pod.isTerminating ? departures.get(uid) : changes.leaving.get(uid);
  if (causes !== undefined) return causes;
  if (marks.drain === undefined || changes.returning.has(uid)) return [];
  return [causeLeft(pod, marks.drain)];
}

/**
 * Of a drain whose cause is gone on a pod that cannot serve: it is one too many until it can; while nobody knows
 * whether it can, its cause is what it was.
 */
function causeLeft(pod: PodView, { reason }: DrainMark): CauseText {
  if (reason === 'Deletion' || pod.isTerminating) return { reason, message: itsEnd };
  if (pod.engine === 'Coturn') return { reason, message: forGood(reason) };
  const isKept = reason !== 'ScaleDown' && isUnknown(pod);
  return isKept ? { reason, message: past(reason) } : { reason: 'ScaleDown', message: tooMany };
}
