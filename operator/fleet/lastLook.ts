/**
 * Before a pod goes it is asked once more: the last round may be ten seconds old, and where DNS names no other pod, or
 * Mattermost could not look it up, a call may have begun on it since.
 */
import type { Facts } from './pod.ts';

/** How old an answer may be that a pod is deleted on, milliseconds: the way of an answer and a reconcile after it. */
const freshMs = 2_000;

/** Whether the answer is one of this very moment; so is one that does not tell its time. */
export function isOfThisMoment({ measures }: Facts & { readonly answered: true }, nowMs: number): boolean {
  return measures === undefined || nowMs - measures.atMs <= freshMs;
}
