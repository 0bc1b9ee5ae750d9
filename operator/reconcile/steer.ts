/** PURE: which pods are to be told to drain, or to stop draining. */
import type { FleetDecision } from '../fleet/decide.ts';
import type { Member } from '../fleet/members.ts';
import { isCordoned } from '../fleet/requests.ts';

/** One pod to be told. */
export interface Steering {
  readonly uid: string;
  readonly isDraining: boolean;
}

/** Those that say otherwise than they should. A terminating pod drains by itself; a silent one is told when it answers; an rtcd cannot be told. */
export function steerings({ members }: FleetDecision): Steering[] {
  return members.flatMap((member) => {
    const { pod } = member;
    if (pod.facts?.answered !== true || pod.isTerminating || pod.engine === 'Rtcd') return [];
    const isDraining = pod.engine === 'Coturn' ? mustEnd(member) : mustRefuse(member);
    if (pod.facts.isDraining === isDraining) return [];
    return [{ uid: pod.uid, isDraining }];
  });
}

function mustRefuse({ pod, drain, isPublished }: Member): boolean {
  return drain !== undefined || (isCordoned(pod) && !isPublished);
}

/** A coturn that drains refuses whoever still comes by an old list of servers, and cannot be told to stop: not before that is past. */
function mustEnd({ pod, drain, reason }: Member): boolean {
  const drains = pod.facts?.answered === true && pod.facts.isDraining;
  return drains || (drain !== undefined && reason !== 'Propagating');
}
