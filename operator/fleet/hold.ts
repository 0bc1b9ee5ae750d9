/** Whether a pod may leave DNS now, or what it waits for: nobody's call may find the others too few. */
import type { NodeSupply } from './nodes/eligible.ts';
import type { Departure } from './departures.ts';
import type { PodView, Reason } from './pod.ts';
import { wordsOf, type Words } from './words.ts';

/** What the others must still be able to do. */
export interface HoldRules {
  /** Serving pods that are wanted. */
  readonly wanted: number;
  /** Serving pods that are needed to carry what is there. */
  readonly needed: number;
  /** `discovery.minPublished`. */
  readonly minPublished: number;
  readonly nodes?: Pick<NodeSupply, 'free'>;
  /** Pods that start, and that nothing is known to be wrong with. Default: none. */
  readonly coming?: number;
}

/**
 * Undefined: `pod` may leave. `others` pods would still be in DNS. Whoever is replaced takes nothing away, so more than
 * are wanted are only asked for where a pod is one too many.
 */
export function heldBack(
  departure: Departure,
  { pod, others }: { readonly pod: Pick<PodView, 'engine'>; readonly others: number },
  rules: HoldRules,
): Reason | undefined {
  const { waitsFor } = departure;
  if (waitsFor === 'Nothing') return undefined;
  const { minPublished, wanted } = rules;
  const words = wordsOf(pod);
  const lack = (reason: string, why: string, remedy: string): Reason => ({
    reason,
    message: `${departure.message}. It stays ${words.published} for now: ${why} and ${counted(others)} can take its place. ${remedy}`,
  });
  if (others < minPublished)
    return lack('HeldForMinimum', words.minimum(minPublished), oneMore(rules, words));
  if (waitsFor === 'Minimum') return undefined;
  const { enough, remedy } = demand(departure, rules, words);
  if (others < enough) return lack('HeldForCapacity', `the demand needs ${enough} pods`, remedy);
  if (waitsFor === 'Capacity' || others >= wanted || !isReplaced(others, rules)) return undefined;
  return lack('HeldForReplacement', `${wanted} pods are wanted`, oneMore(rules, words));
}

/** Somebody is on the way, or can be: the replacement itself may have taken the last free node. */
function isReplaced(others: number, { nodes, wanted, coming = 0 }: HoldRules): boolean {
  return nodes?.free !== 0 || others + coming >= wanted;
}

/** How many others carry what is there, and what ends the wait for them. */
function demand(
  { reason }: Departure,
  rules: HoldRules,
  words: Words,
): { readonly enough: number; readonly remedy: string } {
  if (reason === 'ScaleDown') return { enough: rules.needed, remedy: 'It goes when the load falls' };
  return {
    enough: Math.min(rules.needed, rules.wanted),
    remedy: `${oneMore(rules, words)}, or the load falls`,
  };
}

/** What ends the wait for another pod. */
function oneMore({ nodes, coming = 0 }: HoldRules, { published }: Words): string {
  return nodes?.free === 0 && coming === 0
    ? `No node is free for one more: add a node, and it goes when a pod there is ${published}`
    : `It goes when one more pod is ${published}`;
}

function counted(others: number): string {
  return `${others} other${others === 1 ? '' : 's'}`;
}
