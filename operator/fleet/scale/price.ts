/** What sessions and tracks cost: by the price list, and how much of it this cluster's machines really need. */
import type { Counts } from './measures.ts';
import { millicores } from './priceList.ts';

/** Millicores of a session of a stock rtcd, which tells no tracks: the middle of the 19 load tests that Mattermost publishes for it. */
const usualSession = 3;

/** By the price list. */
export function priceOf(counts: Counts): number {
  return Object.entries(millicores).reduce(
    (sum, [name, price]) => sum + price * counts[name as keyof Counts],
    0,
  );
}

/** The price of pods that tell only their sessions. */
export function priceOfSessions(sessions: number): number {
  return sessions * usualSession;
}

/** How many millicores one of the list is here, and over how long that was seen. */
export interface PriceRatio {
  readonly ratio: number;
  readonly seenMs: number;
}

/** Nobody knows better yet. */
export const listPrices: PriceRatio = { ratio: 1, seenMs: 0 };

/** Below this load a pod says more about its own noise than about its sessions. */
const leastLoad = 0.1;
/** Over how long the ratio is a mean: it is of the machines, which do not change with the calls. */
const memoryMs = 600_000;
/** How far machines can be from those of the list. */
const bounds = { least: 0.2, most: 5 };

/** What pods with enough to do used, over what they should have by the list. */
export interface Spending {
  readonly usedMillicores: number;
  readonly listMillicores: number;
  /** Their mean load, 0 to 1. */
  readonly load: number;
}

/** The ratio after one more look, `passedMs` after the last. The first look counts as a whole: it is the best there is. */
export function learnt(before: PriceRatio, spending: Spending, passedMs: number): PriceRatio {
  if (spending.load < leastLoad || spending.listMillicores <= 0) return before;
  const seen = spending.usedMillicores / spending.listMillicores;
  const now = Math.min(bounds.most, Math.max(bounds.least, seen));
  const share = before.seenMs === 0 ? 1 : passedMs / (Math.min(before.seenMs, memoryMs) + passedMs);
  return {
    ratio: before.ratio + (now - before.ratio) * share,
    seenMs: before.seenMs + Math.max(1, passedMs),
  };
}
