/** The trial of a new revision: one pod of it has to stay in DNS for a while before there is a second. */
import type { PodView, Reason } from '../pod.ts';
import type { Crew } from './crew.ts';

/** What the trial is judged by. */
export interface CanaryInput {
  readonly crew: Crew;
  readonly passing: ReadonlySet<string>;
  /** `update.canary.bakeSeconds` in milliseconds. */
  readonly bakeMs: number;
  readonly nowMs: number;
}

/** Over, or what it waits for. `isAbsent`: there is no pod on trial yet. */
export type CanaryDecision =
  | { readonly isPassed: true; readonly pod: string }
  | ({ readonly isPassed: false; readonly isAbsent: boolean; readonly recheckMs?: number } & Reason);

/** Its time in DNS is read from the pod, and starts anew when it was out in between. */
export function canaryOf({ crew, passing, bakeMs, nowMs }: CanaryInput): CanaryDecision {
  const baking = crew.updated
    .filter(({ uid, marks }) => passing.has(uid) && marks.isPublished && marks.drain === undefined)
    .flatMap(({ name, marks }) => {
      const { publishedSinceMs } = marks;
      return publishedSinceMs === undefined ? [] : [{ name, doneMs: publishedSinceMs + bakeMs }];
    })
    .toSorted((a, b) => a.doneMs - b.doneMs);
  const [first] = baking;
  if (first === undefined) return waiting(crew);
  if (first.doneMs <= nowMs) return { isPassed: true, pod: first.name };
  return {
    isPassed: false,
    isAbsent: false,
    reason: 'CanaryBaking',
    message: `${first.name} is tried until ${new Date(first.doneMs).toISOString()} (update.canary)`,
    recheckMs: first.doneMs,
  };
}

function waiting({ updated, draining }: Crew): CanaryDecision {
  const [pod] = updated;
  if (pod !== undefined) return starting(pod);
  const [old] = draining;
  const message =
    old === undefined ? 'one pod is tried first' : `${old.name} is drained, to be replaced first`;
  return { isPassed: false, isAbsent: old === undefined, reason: 'CanaryPending', message };
}

function starting({ name, problem }: PodView): CanaryDecision {
  const message = `${name} is tried first, and is not in DNS${problem === undefined ? '' : `: ${problem.message}`}`;
  return { isPassed: false, isAbsent: false, reason: 'CanaryStarting', message };
}
