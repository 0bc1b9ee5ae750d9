/** What tests have the peers of a call do: come in, unmute, talk, listen. */
import { cleanup } from 'node-datachannel';

import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import { eventually } from '../../support/eventually.ts';
import { descriptionOf, type Harness } from './harness.ts';
import { Peer } from './peer.ts';

/** The peers of one test; `end()` sends everybody home. */
export class Scene {
  readonly #server: Pick<Harness, 'join'>;
  readonly #callID: string;
  readonly #peers: Peer[] = [];
  readonly #talkers: NodeJS.Timeout[] = [];

  constructor(server: Pick<Harness, 'join'>, callID: string) {
    this.#server = server;
    this.#callID = callID;
  }

  /** Joins the call and waits until the server's first offer is answered. */
  async enter(sessionID: string): Promise<Peer> {
    const peer = new Peer(this.#server.join(this.#callID, sessionID));
    this.#peers.push(peer);
    await eventually(() =>
      offers(peer) > 0 && peer.channel.isOpen() ? undefined : `${sessionID} was not offered anything`,
    );
    return peer;
  }

  /**
   * Talks 50 packets a second, each with its number, until `hush` or the end; in
   * syllables of 200 ms, for who speaks is told by how much the level changes.
   */
  talk(peer: Peer, level = 20): void {
    let number = 0;
    this.#talkers.push(
      setInterval(() => {
        const payload = Buffer.alloc(80, 1);
        payload.writeUInt32BE((number += 1), 0);
        peer.speak(payload, number % 20 < 10 ? level : level + 50);
      }, 20),
    );
  }

  /** Everybody stops talking. */
  hush(): void {
    for (const talker of this.#talkers.splice(0)) clearInterval(talker);
  }

  /** Ends the talking and the sessions. */
  end(): void {
    this.hush();
    for (const peer of this.#peers.splice(0)) {
      peer.close();
      peer.plugin.leave();
    }
  }
}

/** Unmutes for the first time, as clients do. */
export async function unmute(peer: Peer): Promise<void> {
  await offerTrack(peer, () => peer.addVoice());
}

/** Offers what is added, under the lock. */
export async function offerTrack(peer: Peer, add: () => void): Promise<void> {
  await lock(peer);
  const before = answers(peer);
  add();
  await eventually(() => (answers(peer) > before ? undefined : 'track is not answered'));
  peer.say('08');
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

/** Waits for so many more packets of a sender. */
export async function hears(peer: Peer, sender: Peer, more = 25): Promise<void> {
  const before = heard(peer, sender);
  await eventually(() => {
    const now = heard(peer, sender) - before;
    return now >= more ? undefined : `${now} of ${more} packets of ${sender.plugin.sessionID}`;
  });
}

/** Waits until no packet of a sender has come for a while. */
async function hearsNoMore(peer: Peer, sender: Peer): Promise<void> {
  let before = -1;
  await eventually(
    () => {
      const now = heard(peer, sender);
      const isStill = now === before;
      before = now;
      return isStill ? undefined : 'packets still flow';
    },
    { intervalMs: 300 },
  );
}

/** One talks and the other hears it, until it mutes, and again from its unmute on. */
export async function talksMutesAndTalks(scene: Scene, talker: Peer, listener: Peer): Promise<void> {
  await unmute(talker);
  scene.talk(talker);
  await hears(listener, talker);
  talker.plugin.send(rtcMessageType.mute);
  await hearsNoMore(listener, talker);
  talker.plugin.send(rtcMessageType.unmute);
  await hears(listener, talker);
}

/** By how much the numbers grow from one packet that came to the next: only 1 where none was lost or came twice. */
export function stepsIn({ packets }: Peer): ReadonlySet<number> {
  const numbers = packets.map(({ payload }) => payload.readUInt32BE(0));
  return new Set(numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0)));
}

/** Packets of a sender so far. */
export function heard(peer: Peer, sender: Peer): number {
  return peer.packets.filter((packet) => packet.sender === sender.plugin.sessionID).length;
}

/** Offers that the server made to a peer. */
export function offers({ plugin }: Peer): number {
  return plugin.received.filter((message) => descriptionOf(message)?.type === 'offer').length;
}

function answers({ plugin }: Peer): number {
  return plugin.received.filter((message) => descriptionOf(message)?.type === 'answer').length;
}

/** Ends the library that peers are made of. */
export function endPeers(): void {
  cleanup();
}
