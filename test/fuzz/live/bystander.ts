/** Two people in a call of their own while others attack: one talks, the other counts what arrives. */
import { cleanup } from 'node-datachannel';

import { Peer } from '../../sfu/call/peer.ts';
import { heard, hears, offers, unmute } from '../../sfu/call/scene.ts';
import { eventually } from '../../support/eventually.ts';
import { connectPlugin } from './plugin.ts';

/** The call, and what of it got lost. */
export interface Bystander {
  /** Resolves when as many more packets have arrived. */
  hearsMore(packets: number): Promise<void>;
  /** What has been disturbed since the last time, else undefined. */
  disturbance(): string | undefined;
  readonly packets: () => number;
  close(): void;
}

/** Packets a second. */
const rate = 50;

/** Opens the call, with its voice on. */
export async function startBystander(url: string): Promise<Bystander> {
  const plugin = await connectPlugin(url, 'bystander');
  const enter = async (sessionID: string): Promise<Peer> => {
    const peer = new Peer(plugin.join('bystanders', sessionID));
    await eventually(() =>
      offers(peer) > 0 && peer.channel.isOpen() ? undefined : `${sessionID} has no offer`,
    );
    return peer;
  };
  const ann = await enter('ann');
  const bob = await enter('bob');
  await unmute(ann);
  const stop = talk(ann);
  await hears(bob, ann);
  const state = { seen: bob.packets.length };
  return {
    hearsMore: (packets) => hears(bob, ann, packets),
    packets: () => heard(bob, ann),
    disturbance: () => {
      const numbers = bob.packets.slice(state.seen - 1).map(({ payload }) => payload.readUInt32BE(0));
      state.seen = bob.packets.length;
      return closedReason([ann, bob]) ?? gapIn(numbers);
    },
    close: () => {
      stop();
      for (const peer of [ann, bob]) peer.close();
      plugin.close();
      cleanup();
    },
  };
}

/** Talks; each packet bears its number. */
function talk(peer: Peer): () => void {
  let number = 0;
  const timer = setInterval(() => {
    const payload = Buffer.alloc(80, 1);
    payload.writeUInt32BE((number += 1), 0);
    peer.speak(payload);
  }, 1000 / rate);
  return () => clearInterval(timer);
}

function closedReason(peers: readonly Peer[]): string | undefined {
  const closed = peers.find(({ plugin }) => plugin.received.some((message) => message.type === 'close'));
  return closed === undefined ? undefined : `the session of ${closed.plugin.sessionID} was closed`;
}

function gapIn(numbers: readonly number[]): string | undefined {
  const lost = numbers
    .slice(1)
    .reduce((sum, number, index) => sum + Math.abs(number - (numbers[index] ?? 0) - 1), 0);
  return lost === 0 ? undefined : `${lost} packets of ${numbers.length} are missing or out of order`;
}
