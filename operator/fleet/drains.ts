/** (pods, roster) → every drain that is under way, and how far it is. */
import type { Departure } from './departures.ts';
import { drainProgress, type DrainDecision, type DrainTimes } from './drain.ts';
import type { DrainMark, PodView } from './pod.ts';
import type { Roster } from './roster.ts';

/** One drain. */
export interface Drain {
  readonly mark: DrainMark;
  readonly progress: DrainDecision;
}

/** What drains depend on beside the pods. */
export interface DrainsContext {
  readonly changes: Roster;
  readonly nowMs: number;
  readonly times: DrainTimes;
}

/** By pod uid. A pod that is being deleted is past deciding. */
export function drainsOf(pods: readonly PodView[], context: DrainsContext): Map<string, Drain> {
  const { nowMs, times } = context;
  const drains = new Map<string, Drain>();
  for (const pod of pods) {
    const mark = markOf(pod, context);
    if (mark === undefined || pod.isTerminating) continue;
    const others = pods.filter(({ uid }) => uid !== pod.uid);
    const publishedAtMs = others.flatMap(({ marks }) => marks.publishedSinceMs ?? []);
    drains.set(pod.uid, { mark, progress: drainProgress(pod, mark, { nowMs, times, publishedAtMs }) });
  }
  return drains;
}

/** A drain that has begun keeps its start, whatever the reason is by now. */
function markOf({ uid, marks }: PodView, { changes, nowMs }: DrainsContext): DrainMark | undefined {
  const causes: readonly Departure[] = changes.leaving.get(uid) ?? [];
  const [cause] = causes;
  if (cause !== undefined) return { reason: cause.reason, startedMs: marks.drain?.startedMs ?? nowMs };
  if (changes.returning.has(uid) || marks.drain === undefined) return undefined;
  return marks.drain;
}
