/** Pure: times of a scenario as people write them into a spec: a cron expression in a time zone, and how long it lasts. */
import type { Random } from '../random.ts';
import { startMs } from '../time.ts';

/** From when until when, in milliseconds since the scenario began, or since the epoch. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a span is in a spec. */
export interface Recurrence {
  readonly cron: string;
  readonly timeZone: string;
  readonly durationSeconds: number;
}

const minuteMs = 60_000;
/** Minutes by which their clocks are ahead of UTC in the week in which scenarios are played. */
const zones = [
  { timeZone: 'UTC', aheadMinutes: 0 },
  { timeZone: 'Europe/Zurich', aheadMinutes: 60 },
  { timeZone: 'Asia/Kolkata', aheadMinutes: 330 },
  { timeZone: 'America/New_York', aheadMinutes: -300 },
  { timeZone: 'Pacific/Auckland', aheadMinutes: 780 },
] as const;

/** A span that begins at a full minute and ends before the calm; there is nothing smaller in cron. */
export function spanIn({ calmAtMs }: { readonly calmAtMs: number }, random: Random): Span {
  const lastMs = calmAtMs - minuteMs;
  const fromMs = random.int(1, lastMs / minuteMs - 2) * minuteMs;
  return { fromMs, toMs: Math.min(lastMs, fromMs + random.int(60, 420) * 1_000) };
}

/** The same written down: every day, on that date, or on that day of the week. */
export function recurrenceOf({ fromMs, toMs }: Span, random: Random): Recurrence {
  const { timeZone, aheadMinutes } = random.pick(zones);
  const there = new Date(startMs + fromMs + aheadMinutes * minuteMs);
  const date = `${there.getUTCDate()} ${there.getUTCMonth() + 1} *`;
  const days = random.pick(['* * *', date, `* * ${there.getUTCDay()}`]);
  return {
    cron: `${there.getUTCMinutes()} ${there.getUTCHours()} ${days}`,
    ...{ timeZone, durationSeconds: (toMs - fromMs) / 1_000 },
  };
}

/** Whether a moment lies in one of the spans, or within `slackMs` of its end: what was decided in time is written later. */
export function isWithin(spans: readonly Span[], nowMs: number, slackMs: number): boolean {
  return spans.some(({ fromMs, toMs }) => nowMs >= fromMs && nowMs < toMs + slackMs);
}
