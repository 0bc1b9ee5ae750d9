/** PURE: a plan → steps. What is in one step may be written side by side. */
import type { Action } from './action.ts';
import { mustWait } from './outcome.ts';

/**
 * Neighbours that make objects of which none would wait for the refusal of another; everything else is a step of its
 * own. A new cluster is eight objects: one after the other they kept its first pod waiting for sixteen answers.
 */
export function stepsOf(actions: readonly Action[]): readonly (readonly Action[])[] {
  const steps: Action[][] = [];
  for (const action of actions) {
    const last = steps.at(-1);
    if (last !== undefined && joins(action, last)) last.push(action);
    else steps.push([action]);
  }
  return steps;
}

function joins(action: Action, step: readonly Action[]): boolean {
  return [...step, action].every(makes) && !mustWait(action, step);
}

/** Marks and deletions go one by one: in which order a pod enters DNS and another leaves it is the point of them. */
function makes({ type, object }: Action): boolean {
  return (type === 'create' || type === 'apply') && object.kind !== 'Pod';
}
