/** Whether a pod may leave DNS now, or what it waits for: nobody's call may find the others too few. */
import type { NodeSupply } from './nodes/eligible.ts';
import type { Departure } from './departures.ts';
import type { Reason } from './pod.ts';

/** What the others must still be able to do. */
export interface HoldRules {
  /** Serving pods that are wanted. */
  readonly wanted: number;
  /** Serving pods that are needed to carry what is there. */
  readonly needed: number;
  /** `discovery.minPublished`. */
  readonly minPublished: number;
  readonly nodes?: Pick<NodeSupply, 'free'>;
}

/**
 * Undefined: it may leave. `others` pods would still be in DNS. Whoever is replaced takes nothing away, so more than
 * are wanted are only asked for where a pod is one too many.
 */
export function heldBack(departure: Departure, others: number, rules: HoldRules): Reason | undefined {
  const { waitsFor } = departure;
  if (waitsFor === 'Nothing') return undefined;
  const { minPublished, needed } = rules;
  if (others < minPublished)
    return held(
      departure,
      'HeldForMinimum',
      `discovery.minPublished is ${minPublished} and ${others} others`,
    );
  if (waitsFor === 'Minimum') return undefined;
  const enough = departure.reason === 'ScaleDown' ? needed : Math.min(needed, rules.wanted);
  if (others < enough)
    return held(departure, 'HeldForCapacity', `the demand needs ${enough} pods and ${others} others`);
  if (waitsFor === 'Capacity' || others >= rules.wanted || rules.nodes?.free === 0) return undefined;
  return held(departure, 'HeldForReplacement', `${rules.wanted} pods are wanted and ${others} others`);
}

function held({ message }: Departure, reason: string, why: string): Reason {
  return { reason, message: `${message}. It stays in DNS for now: ${why} can take its place` };
}
