/** When a pod takes the address that its node has now: at once while no call hangs on the old one, else after a drain. */
import { addressOn, isAwaiting, type AddressMaps, type AddressSpec } from './addressOn.ts';
import { sessionsOf } from './members.ts';
import { publicEntry } from './address.ts';
import type { PodView, Reason } from './pod.ts';

/** Where addresses come from. */
export interface AddressContext {
  readonly spec: AddressSpec;
  readonly maps: AddressMaps;
}

/** The pod with the address that it is to tell from now on, or with what is in the way. A node that is lost says nothing new. */
export function withAddress(pod: PodView, { spec, maps }: AddressContext): PodView {
  if (pod.node === undefined || (!pod.node.isReady && pod.marks.address !== '')) return pod;
  const decision = addressOn(pod.node, spec, { maps, stunAddress: stunAddressOf(pod) });
  if (decision.ok) return withFound(pod, toldBy(pod, decision.annotation));
  const { reason, message } = decision;
  return isAwaiting(decision) && pod.marks.address !== '' ? pod : withProblem(pod, { reason, message });
}

/** A stock rtcd tells nobody what STUN told it. */
function stunAddressOf({ facts, engine }: PodView): string | undefined {
  if (engine === 'Rtcd') return '';
  return facts?.answered === true ? facts.stunAddress : undefined;
}

function withProblem(pod: PodView, addressProblem: Reason): PodView {
  // A source that fails for a moment costs nobody in DNS anything.
  if (pod.marks.isPublished && pod.marks.address !== '') return { ...pod, addressProblem };
  return { ...pod, addressProblem, marks: { ...pod.marks, address: '' } };
}

/** A stock rtcd can tell one address only. */
function toldBy({ engine }: PodView, addresses: string): string {
  return engine === 'Rtcd' ? publicEntry(addresses) : addresses;
}

function withFound(pod: PodView, address: string): PodView {
  if (address === pod.marks.address) return pod;
  if (hangsOnAddress(pod, address)) return { ...pod, newAddress: address };
  return { ...pod, marks: { ...pod.marks, address } };
}

/** Calls were told the first address; the others only help. Where nobody knows of calls, there may be some. */
function hangsOnAddress(pod: PodView, address: string): boolean {
  const { marks } = pod;
  if (marks.address === '') return false;
  // It has read the old one when it started, and does not look again.
  if (pod.engine === 'Rtcd') return firstOf(marks.address) !== firstOf(address);
  if (marks.publishedSinceMs === undefined) return false;
  return sessionsOf(pod) !== 0 && firstOf(marks.address) !== firstOf(address);
}

/** With its port: a port that is forwarded elsewhere is another way in. */
function firstOf(annotation: string): string {
  return annotation.split(',')[0] ?? '';
}
