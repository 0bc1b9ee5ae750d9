/** What a decision remembers of those before it. In memory only: a new leader begins anew and scales nothing down before it has watched for a whole window. */
import type { Change } from './change.ts';
import type { Sample } from './growth.ts';
import { listPrices, type PriceRatio } from './price.ts';

/** Over this time one number was recommended. */
export interface Run {
  readonly pods: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** One change of the number of pods. */
export interface Step {
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
}

/** See the file comment. */
export interface ScaleHistory {
  /** Since when there was a look at least every `longestGapMs`. */
  readonly watchedSinceMs: number;
  readonly lastMs: number;
  /** The number of pods decided last. */
  readonly desired: number;
  /** Oldest first, without gaps. */
  readonly runs: readonly Run[];
  readonly steps: readonly Step[];
  readonly samples: readonly Sample[];
  readonly smooth: { readonly cpuPods: number; readonly egressMbit: number };
  readonly prices: PriceRatio;
  /** The last change of the number; absent while there was none. */
  readonly last?: Change;
  /** What a dry run would have done last; undefined where none was. */
  readonly wouldBe: number | undefined;
}

/** Longest window of the spec: what is older is of no use. */
const longestWindowMs = 3_600_000;
/** Who looks away for longer, or whose clock jumps, has not watched. */
const longestGapMs = 90_000;
/** CPU and traffic are means over about this long. */
const smoothMs = 30_000;

/** The history of a cluster seen for the first time. */
export function newHistory(nowMs: number, desired: number): ScaleHistory {
  return {
    ...{ watchedSinceMs: nowMs, lastMs: nowMs, desired },
    ...{
      runs: [],
      steps: [],
      samples: [],
      smooth: { cpuPods: 0, egressMbit: 0 },
      prices: listPrices,
      wouldBe: undefined,
    },
  };
}

/** The same at a later moment; after a gap what was watched counts no more. */
export function resumed(history: ScaleHistory, nowMs: number): ScaleHistory {
  const passedMs = nowMs - history.lastMs;
  if (passedMs >= 0 && passedMs <= longestGapMs) return history;
  return {
    ...newHistory(nowMs, history.desired),
    smooth: history.smooth,
    prices: history.prices,
    steps: history.steps.filter(({ atMs }) => atMs <= nowMs),
    ...(history.last && { last: history.last }),
    wouldBe: history.wouldBe,
  };
}

/** How much a new value weighs in a mean that follows a jump to 63 % in half a minute; the first weighs all. */
export function weightOf(history: ScaleHistory, nowMs: number): number {
  return history.samples.length === 0 ? 1 : 1 - Math.exp(-(nowMs - history.lastMs) / smoothMs);
}

/** Notes a recommendation. It held until the next one. */
export function noted(runs: readonly Run[], pods: number, nowMs: number): readonly Run[] {
  const last = runs.at(-1);
  const kept = runs.filter(({ untilMs }) => nowMs - untilMs <= longestWindowMs);
  if (last === undefined) return [{ pods, fromMs: nowMs, untilMs: nowMs }];
  const held = { ...last, untilMs: nowMs };
  const before = kept.filter((run) => run !== last);
  return last.pods === pods ? [...before, held] : [...before, held, { pods, fromMs: nowMs, untilMs: nowMs }];
}

/** What was recommended in the last `windowMs`. */
export function within(runs: readonly Run[], nowMs: number, windowMs: number): number[] {
  return runs.filter((run) => run === runs.at(-1) || run.untilMs > nowMs - windowMs).map(({ pods }) => pods);
}
