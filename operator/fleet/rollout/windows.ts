/** Whether pods may begin to be replaced at this time of day, and until or from when. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import { nextOccurrence, occurrenceAt, recurrenceProblem } from '../calendar.ts';
import type { Reason } from '../pod.ts';

type Window = RtcCluster['spec']['update']['windows'][number];

/** Open, or why not; `recheckMs` is when one opens. */
export type WindowDecision =
  { readonly isOpen: true } | ({ readonly isOpen: false; readonly recheckMs?: number } & Reason);

/** Without any window it is always open. One that cannot be read never is. */
export function windowAt(windows: readonly Window[], nowMs: number): WindowDecision {
  if (windows.length === 0 || windows.some((window) => occurrenceAt(window, nowMs) !== undefined))
    return { isOpen: true };
  const problems = windowProblems(windows);
  const openings = windows.flatMap((window) => {
    const startMs = nextOccurrence(window, nowMs)?.startMs;
    return startMs === undefined ? [] : [{ name: window.name, startMs }];
  });
  const [next] = openings.toSorted((a, b) => a.startMs - b.startMs);
  if (next === undefined) return { isOpen: false, ...never(problems) };
  const unread = problems.length === 0 ? '' : `. ${problems.join('. ')}`;
  return {
    isOpen: false,
    reason: 'WaitingForWindow',
    message: `waits for window ${next.name}, which opens at ${new Date(next.startMs).toISOString()}${unread}`,
    recheckMs: next.startMs,
  };
}

/** A sentence for each that cannot be read. */
export function windowProblems(windows: readonly Window[]): readonly string[] {
  return windows.flatMap(({ name, ...window }) => {
    const problem = recurrenceProblem(window);
    return problem === undefined ? [] : [`update.windows ${name}: ${problem}`];
  });
}

function never(problems: readonly string[]): Reason {
  return problems.length > 0
    ? { reason: 'WindowUnreadable', message: problems.join('. ') }
    : { reason: 'WindowNeverOpens', message: 'none of update.windows ever opens: see their cron' };
}
