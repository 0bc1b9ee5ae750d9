/** Pure: which worker takes a session. */

/** A worker as the choice sees it. */
export interface Candidate {
  readonly isUp: boolean;
  /** Share of time in which it ran or waited for a core, 0 to 1, what was placed a moment ago included. */
  readonly load: number;
  /** Whether sessions of the same call are on it already. */
  readonly holdsCall: boolean;
}

/**
 * Nothing is placed on a worker that would come above this while another has
 * room: a saturated worker forwards media but no longer answers, so that joins
 * hang (its control channel stalls before its media does).
 */
export const admissionLimit = 0.8;

/** Cores that a fresh call is expected to need: ten people with two open microphones [estimated from the cost per packet]. */
export const newCallCores = 0.05;

/** Cores that one more session of a call is expected to need. */
export const newSessionCores = 0.005;

/** What the session is expected to add to the load. */
export function expectedCores({ holdsCall }: Pick<Candidate, 'holdsCall'>): number {
  return holdsCall ? newSessionCores : newCallCores;
}

/** Whether a worker takes one more by the admission rule. */
export function hasRoom(candidate: Candidate): boolean {
  return candidate.isUp && candidate.load + expectedCores(candidate) <= admissionLimit;
}

/**
 * Index of the worker for one more session. Of those with room one that has the
 * call already, else the first in order: workers fill one after the other. When
 * none has room the least loaded takes it, for the plugin has assigned the call
 * to this host and the wire has no way to say no (wire spec 9.5).
 */
export function choosePlace(candidates: readonly Candidate[]): number {
  const index = [...candidates.keys()].sort((a, b) => {
    const [one, other] = [candidates[a], candidates[b]];
    return one === undefined || other === undefined ? 0 : compare(one, other) || a - b;
  })[0];
  if (index === undefined) throw new Error('there is no media worker: set at least one');
  return index;
}

function compare(a: Candidate, b: Candidate): number {
  if (hasRoom(a) !== hasRoom(b)) return hasRoom(a) ? -1 : 1;
  if (hasRoom(a)) return Number(b.holdsCall) - Number(a.holdsCall);
  if (a.isUp !== b.isUp) return a.isUp ? -1 : 1;
  return a.load - b.load;
}
