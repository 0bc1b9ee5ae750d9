/** Members of a call: how they enter, talk and are heard. */
import { eventually } from '../../../support/eventually.ts';
import type { CallPeer, PeerVoice } from '../../peer.ts';
import type { Stage } from '../../stage.ts';

/** Which call a member is in. */
export const callOf = new WeakMap<CallPeer, string>();

/** So many users of a new client in a new call; take no more of the four than were asked for. */
export async function membersOf(
  stage: Stage,
  count: number,
  options: { readonly dcSignaling?: boolean } = {},
): Promise<[CallPeer, CallPeer, CallPeer, CallPeer]> {
  const plugin = await stage.plugin();
  const callID = stage.id();
  const members: CallPeer[] = [];
  for (let member = 0; member < count; member += 1) {
    const peer = await stage.peer({ plugin, callID, ...options });
    callOf.set(peer, callID);
    members.push(peer);
  }
  return members as [CallPeer, CallPeer, CallPeer, CallPeer];
}

/** Adds a voice and speaks from now on. */
export async function talk(peer: CallPeer): Promise<PeerVoice> {
  const added = await peer.addVoice();
  peer.unmute();
  added.babble((index) => (index % 20 < 14 ? 15 : 90));
  return added;
}

/** Ten more packets arrive. */
export async function heard(listener: CallPeer, speaker: CallPeer): Promise<void> {
  const before = listener.packetsOf(speaker.sessionID).length;
  await eventually(() => {
    const packets = listener.packetsOf(speaker.sessionID).length - before;
    return packets >= 10 ? undefined : `${packets} packets of the speaker`;
  });
}

/** For half a second no packet arrives. */
export async function silent(listener: CallPeer, speaker: CallPeer): Promise<void> {
  let [packets, sinceMs] = [-1, 0];
  await eventually(() => {
    const now = listener.packetsOf(speaker.sessionID).length;
    if (now !== packets) [packets, sinceMs] = [now, performance.now()];
    return performance.now() - sinceMs > 500 ? undefined : 'half a second of silence';
  });
}

/** How many offers a member got by the plugin. */
export function offersTo({ signals }: CallPeer): number {
  return signals.filter(({ type }) => type === 'offer').length;
}

/** The last offer that a member got by the plugin; empty when it got none. */
export function sdpOf({ signals }: CallPeer): string {
  return signals.findLast(({ type }) => type === 'offer')?.sdp ?? '';
}

/** The media section on which a listener receives a speaker. */
export function lineOf(listener: CallPeer, speaker: CallPeer): string {
  const sections = sdpOf(listener).split(/^m=/m);
  return sections.find((section) => section.includes(`a=msid:${speaker.sessionID}`)) ?? '';
}
