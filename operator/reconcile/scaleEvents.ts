/** PURE: what people should hear of a change of the number of pods. */
import type { ScaleDecision } from '../fleet/scale/decide.ts';
import type { Transition } from './events.ts';

/** A change, or what a dry run would have changed. */
export function scaleEvents({ change }: ScaleDecision): Transition[] {
  if (change === undefined) return [];
  const { from, to, reason, message, isDryRun } = change;
  const verb = isDryRun ? 'Would scale' : 'Scaled';
  const told = `${verb} from ${from} to ${to} pods: ${message} (${reason})`;
  const direction = to > from ? 'ScaledUp' : 'ScaledDown';
  return [{ type: 'Normal', reason: isDryRun ? 'DryRun' : direction, message: told }];
}
