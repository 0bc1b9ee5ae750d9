/** What a person wants of one pod, by annotation. It holds until the annotation is gone, whatever the numbers say. */
import type { PodView, Reason } from './pod.ts';
import type { GateDecision } from './publish.ts';

/** What may be asked for. */
export const requestedStates = ['Cordoned', 'Draining'] as const;

/** A state that was asked for, or why what was asked for cannot be done. */
export type Request =
  ({ readonly state: (typeof requestedStates)[number] } & Reason) | ({ readonly state: 'Unknown' } & Reason);

/** Undefined when nobody wants anything. */
export function requestOf({
  marks: { requested },
  engine,
}: Pick<PodView, 'marks' | 'engine'>): Request | undefined {
  if (requested === undefined) return undefined;
  const { text, by } = requested;
  const state = requestedStates.find((known) => known === text);
  const how = `annotation requested-state${by === undefined ? '' : ` by ${by}`}`;
  if (state !== undefined)
    return { state, reason: 'Requested', message: `${state} by ${how}; ${wayBack(state, engine)}` };
  return {
    state: 'Unknown',
    reason: 'UnknownRequest',
    message: `The ${how} says "${text}" and has no effect: write ${requestedStates.join(' or ')}, or remove it`,
  };
}

function wayBack(state: string, engine: PodView['engine']): string {
  return state === 'Draining' && engine === 'Coturn'
    ? 'a coturn cannot take a drain back: another pod takes its place'
    : 'remove it to take that back';
}

/** Out of DNS at a person's wish, and otherwise left as it is: not replaced by numbers, not drained, not deleted. */
export function isCordoned(pod: Pick<PodView, 'marks' | 'engine'>): boolean {
  return requestOf(pod)?.state === 'Cordoned';
}

/** A person's wish closes the publish gate before anything else is looked at. */
export function requestGate(pod: PodView): GateDecision | undefined {
  const request = requestOf(pod);
  if (request?.state !== 'Cordoned') return undefined;
  return { ok: false, reason: request.reason, message: request.message };
}
