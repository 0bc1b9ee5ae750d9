/** Times that return, as people write them: a cron expression in a time zone, and how long each time lasts. */
import { Cron } from 'croner';

/** `cron` has five fields; `timeZone` is a name of the IANA database, such as Europe/Zurich. */
export interface Recurrence {
  readonly cron: string;
  readonly timeZone: string;
  readonly durationSeconds: number;
}

/** One time that a recurrence lasts, in milliseconds since the epoch; the end is no longer part of it. */
export interface Occurrence {
  readonly startMs: number;
  readonly endMs: number;
}

/** What is wrong with a recurrence; undefined when nothing is. It may still never happen (30 February). */
export function recurrenceProblem(recurrence: Recurrence): string | undefined {
  try {
    cronOf(recurrence).nextRun(new Date(0));
    return undefined;
  } catch {
    return `cron "${recurrence.cron}" in timeZone "${recurrence.timeZone}" cannot be read: use five cron fields and an IANA time zone such as Europe/Zurich`;
  }
}

/**
 * The occurrence that `nowMs` lies in, the latest to begin if there are several; undefined when there is none, or
 * when it cannot be read. A time that the clocks jump over in spring happens right after the jump, one that they
 * show twice in autumn happens the first time.
 */
export function occurrenceAt(recurrence: Recurrence, nowMs: number): Occurrence | undefined {
  if (recurrenceProblem(recurrence) !== undefined) return undefined;
  const [start] = cronOf(recurrence).previousRuns(1, new Date(nowMs + 1));
  if (start === undefined) return undefined;
  const occurrence = lasting(recurrence, start);
  return nowMs < occurrence.endMs ? occurrence : undefined;
}

/** The first occurrence that begins after `nowMs`; undefined when there is none, or when it cannot be read. */
export function nextOccurrence(recurrence: Recurrence, nowMs: number): Occurrence | undefined {
  if (recurrenceProblem(recurrence) !== undefined) return undefined;
  const start = cronOf(recurrence).nextRun(new Date(nowMs));
  return start === null ? undefined : lasting(recurrence, start);
}

function lasting({ durationSeconds }: Recurrence, start: Date): Occurrence {
  return { startMs: start.getTime(), endMs: start.getTime() + durationSeconds * 1000 };
}

/** Without a function to run: it only computes, and starts no timer. */
function cronOf({ cron, timeZone }: Recurrence): Cron {
  return new Cron(cron, { timezone: timeZone, mode: '5-part' });
}
