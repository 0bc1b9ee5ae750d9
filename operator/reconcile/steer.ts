/** PURE: which SFU pods are to be told to drain, or to stop draining. */
import type { FleetDecision } from '../fleet/decide.ts';
import { isCordoned } from '../fleet/requests.ts';

/** One pod to be told. */
export interface Steering {
  readonly uid: string;
  readonly isDraining: boolean;
}

/** Those that say otherwise than they should. A terminating pod drains by itself; a silent one is told when it answers; an rtcd cannot be told. */
export function steerings({ members }: FleetDecision): Steering[] {
  return members.flatMap(({ pod, drain, isPublished }) => {
    if (pod.facts?.answered !== true || pod.isTerminating || pod.engine === 'Rtcd') return [];
    const isDraining = drain !== undefined || (isCordoned(pod) && !isPublished);
    if (pod.facts.isDraining === isDraining) return [];
    return [{ uid: pod.uid, isDraining }];
  });
}
