/** Somebody in a call of the played plugin: what they say, hear, and whether anybody threw them out. */
import { randomInt } from 'node:crypto';

import { BotPeer } from '../../demo/bots/peer.ts';
import { buildRtp } from '../../demo/bots/rtp.ts';
import type { Place } from '../../demo/page/server/pageMessages.ts';
import type { Plugin } from '../../demo/page/server/plugin.ts';
import { eventually } from '../support/eventually.ts';

/** One person. */
export interface Caller {
  readonly sessionID: string;
  /** Where the call runs, and why there. */
  readonly place: Place;
  /** Packets heard so far of the person with this session. */
  heard(sessionID: string): number;
  /** Why they are out of the call or of media; undefined while all is well. */
  trouble(): string | undefined;
  leave(): void;
}

interface Seen {
  place?: Place;
  trouble?: string;
}

/** Joins the call and unmutes; talks until they leave. */
export async function joinCall(plugin: Plugin, call: string, name: string): Promise<Caller> {
  const packets = new Map<string, number>();
  const seen: Seen = {};
  // The plugin lets them in at once, and nothing comes before their own offer.
  const peers: BotPeer[] = [];
  const sessionID = await plugin.join({ type: 'join', call, name, dcSignaling: false }, (message) => {
    if (message.type === 'joined') seen.place = message.place;
    if (message.type === 'ended') seen.trouble ??= message.reason;
    if (message.type === 'signal') peers[0]?.signal(message.data);
  });
  const peer = new BotPeer({
    name,
    dcSignaling: false,
    bindAddress: '127.0.0.1',
    sendSdp: (deflated) => plugin.sdp(sessionID, Buffer.from(deflated).toString('base64')),
    sendCandidate: (candidate) => plugin.ice(sessionID, candidate),
    onPacket: (sender) => void packets.set(sender, (packets.get(sender) ?? 0) + 1),
    onFailed: (reason) => (seen.trouble ??= reason),
  });
  peers.push(peer);
  await peer.opened();
  const stop = await talk(peer, sessionID);
  plugin.setMuted(sessionID, false);
  if (seen.place === undefined) throw new Error('the plugin did not say where the call is');
  return {
    sessionID,
    place: seen.place,
    heard: (sender) => packets.get(sender) ?? 0,
    trouble: () => seen.trouble,
    leave: () => {
      if (peers.pop() === undefined) return;
      stop();
      peer.close();
      plugin.leave(sessionID);
    },
  };
}

/** Resolves when each has got 50 new packets, a second's worth, of every other; rejects when somebody was thrown out. */
export async function everybodyHears(callers: readonly Caller[]): Promise<void> {
  const pairs = callers.flatMap((one) =>
    callers.filter((other) => other !== one).map((other) => ({ one, other })),
  );
  const wanted = pairs.map(({ one, other }) => one.heard(other.sessionID) + 50);
  await eventually(() => {
    const out = callers.find((caller) => caller.trouble() !== undefined);
    if (out !== undefined) return `${out.sessionID} is out: ${out.trouble()}`;
    const deaf = pairs.findIndex(
      ({ one, other }, index) => one.heard(other.sessionID) < (wanted[index] ?? 0),
    );
    return deaf === -1
      ? undefined
      : `${pairs[deaf]?.one.sessionID} does not hear ${pairs[deaf]?.other.sessionID}`;
  });
}

async function talk(peer: BotPeer, sessionID: string): Promise<() => void> {
  const ssrc = randomInt(1, 2 ** 32);
  const voice = await peer.addVoice(ssrc, `stream-${sessionID}`);
  let sequenceNumber = 0;
  const timer = setInterval(() => {
    const { payloadType, audioLevelId } = voice;
    const audioLevel = { id: audioLevelId, level: 20 };
    const payload = Buffer.alloc(80, 0x55);
    voice.send(
      buildRtp({ payloadType, sequenceNumber, timestamp: sequenceNumber * 960, ssrc, payload, audioLevel }),
    );
    sequenceNumber += 1;
  }, 20);
  return () => clearInterval(timer);
}
