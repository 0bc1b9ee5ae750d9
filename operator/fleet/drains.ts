/** (pods, roster) → every drain that is under way, and how far it is. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { markFor } from './deadline.ts';
import type { Departures } from './departures.ts';
import { drainProgress, type DrainDecision } from './drain.ts';
import type { DrainMark, DrainReason, PodView } from './pod.ts';
import type { Roster } from './roster.ts';

/** One drain. */
export interface Drain {
  readonly mark: DrainMark;
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
  };
  const drains = new Map<string, Drain>();
  for (const pod of pods) {
    const [reason, ...others] = reasonsOf(pod, context);
    if (reason === undefined) continue;
    const mark = markFor([reason, ...others], { before: pod.marks.drain, spec, nowMs });
    const publishedAtMs = pods.flatMap(({ uid, marks }) =>
      uid === pod.uid ? [] : (marks.publishedSinceMs ?? []),
    );
    drains.set(pod.uid, { mark, progress: drainProgress(pod, mark, { nowMs, times, publishedAtMs }) });
  }
  return drains;
}

/** Why a pod drains. One whose cause is gone, but that cannot serve, is one too many until it can. */
function reasonsOf(pod: PodView, { changes, departures }: DrainsContext): readonly DrainReason[] {
  const { uid, marks } = pod;
  const causes = pod.isTerminating ? departures.get(uid) : changes.leaving.get(uid);
  if (causes !== undefined) return causes.map(({ reason }) => reason);
  if (marks.drain === undefined || changes.returning.has(uid)) return [];
  return [marks.drain.reason === 'Deletion' || pod.isTerminating ? marks.drain.reason : 'ScaleDown'];
}
