/** What clients do to get into a call and to be heard, for peers without a browser. */
import { eventually } from '../../support/eventually.ts';
import { descriptionOf, type Harness } from './harness.ts';
import { Peer } from './peer.ts';

/** Joins and waits until the server's first offer is answered. */
export async function enterCall(harness: Harness, callID: string, sessionID: string): Promise<Peer> {
  const peer = new Peer(harness.join(callID, sessionID));
  await eventually(() =>
    countOf(peer, 'offer') > 0 && peer.channel.isOpen() ? undefined : `${sessionID} was not offered anything`,
  );
  return peer;
}

/** Unmutes for the first time, under the lock. */
export async function unmuteFirst(peer: Peer): Promise<void> {
  await lock(peer);
  const before = countOf(peer, 'answer');
  peer.addVoice();
  await eventually(() => (countOf(peer, 'answer') > before ? undefined : 'microphone is not answered'));
  peer.say('08');
}

/** Descriptions of a kind that the peer has got. */
export function countOf({ plugin }: Peer, type: 'offer' | 'answer'): number {
  return plugin.received.filter((message) => descriptionOf(message)?.type === type).length;
}

async function lock(peer: Peer): Promise<void> {
  await eventually(
    () => {
      if (peer.messages.includes('07c3')) return undefined;
      peer.say('07');
      return 'lock is not granted';
    },
    { intervalMs: 50 },
  );
  peer.messages.length = 0;
}
