/** One person in a call: joins, hears, and speaks or shares when told. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Outgoing, Voice } from '../../demo/bots/outgoing.ts';
import { buildRtp } from '../../demo/bots/rtp.ts';
import type { Plugin } from '../contract/plugin.ts';
import { pluginPeer } from '../contract/pluginPeer.ts';
import {
  screenPacketBytes,
  screenPacketsPerSecond,
  voicePacketBytes,
  voicePacketsPerSecond,
} from './scenarios.ts';
import { ageMs, viewOf, writeStamp } from './stamp.ts';
import { StreamTally } from './streamTally.ts';

/** Who joins. */
export interface UserOptions {
  readonly plugin: Plugin;
  readonly callID: string;
  readonly sessionID: string;
  /** Of each packet that came, while it is set by the window. */
  readonly onDelay: (delayMs: number) => void;
}

/** A person in a call. */
export interface User {
  readonly sessionID: string;
  /** Milliseconds from `join` to the first packet of somebody else; undefined until then. */
  readonly heardAfterMs: () => number | undefined;
  /** By SSRC, which a server gives each track of its own. */
  readonly streams: ReadonlyMap<number, StreamTally>;
  /** Resolves once it is connected: data channel open. Rejects with why not. */
  readonly connected: Promise<void>;
  /** Negotiates a voice; as often as a person would press the button. `onRefused` is called for what has to be pressed again. */
  readonly unmute: (onRefused: () => void) => Promise<Sender>;
  /** Shares a screen that takes so much, as `unmute` does. */
  readonly share: (bps: number, onRefused: () => void) => Promise<Sender>;
  readonly leave: () => void;
}

/** Something that is sent; `send` is called every 20 ms. */
export interface Sender {
  readonly send: () => void;
}

/** Sends the join now. */
export function joinUser({ plugin, callID, sessionID, onDelay }: UserOptions): User {
  const streams = new Map<number, StreamTally>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined); // After it was connected nobody waits for it.
  const startedMs = performance.now();
  let heardAfterMs: number | undefined;
  plugin.join({
    callID,
    userID: sessionID,
    sessionID,
    channelID: callID,
    dcSignaling: true,
    av1Support: false,
  });
  const peer = pluginPeer(plugin, sessionID, {
    dcSignaling: true,
    takesPictures: true,
    onPacket: (_sender, bytes) => {
      const kind = bytes[1]!;
      if (kind >= 192 && kind <= 223) return; // RTCP, RFC 5761 4.
      heardAfterMs ??= performance.now() - startedMs;
      const ssrc = viewOf(bytes).getUint32(8);
      let tally = streams.get(ssrc);
      if (tally === undefined) streams.set(ssrc, (tally = new StreamTally()));
      tally.take((bytes[2]! << 8) | bytes[3]!);
      onDelay(ageMs(bytes, process.hrtime.bigint()));
    },
    onFailed: (reason) => failed.reject(new Error(`${sessionID}: ${reason}`)),
  });
  return {
    sessionID,
    heardAfterMs: () => heardAfterMs,
    streams,
    connected: Promise.race([peer.opened(), failed.promise, late(sessionID)]),
    unmute: async (onRefused) => {
      const ssrc = randomInt(1, 2 ** 32);
      const voice = await pressed(() => peer.addVoice(ssrc, `stream-${sessionID}`), onRefused);
      plugin.rtc(sessionID, 'unmute');
      return speaking(voice, ssrc);
    },
    share: async (bps, onRefused) => {
      const [ssrc, screenStreamID] = [randomInt(1, 2 ** 32), `screen-${sessionID}`];
      plugin.rtc(sessionID, 'screenOn', { screenStreamID });
      const picture = await pressed(() => peer.addPicture(ssrc, screenStreamID), onRefused);
      return sharing(picture, ssrc, bps);
    },
    leave: () => {
      plugin.leave(sessionID);
      peer.close();
    },
  };
}

/** A path that is not there by then does not come: the run is played again. */
const connectLimitMs = 30_000;

async function late(sessionID: string): Promise<never> {
  await sleep(connectLimitMs, undefined, { ref: false });
  throw new Error(`${sessionID}: not connected within ${connectLimitMs / 1000} s`);
}

const presses = 4;

/**
 * rtcd may offer before its data channel can send: the offer is lost, and rtcd keeps the signalling lock for the 10 s in
 * which it waits for the answer. Clients give up after 5 s, and their user presses again.
 */
async function pressed<T>(negotiate: () => Promise<T>, onRefused: () => void): Promise<T> {
  for (let press = 1; ; press += 1)
    try {
      return await negotiate();
    } catch (error) {
      if (press === presses) throw error;
      onRefused();
    }
}

function speaking(voice: Voice, ssrc: number): Sender {
  const payload = Buffer.alloc(voicePacketBytes, 0x55);
  const audioLevel = { id: voice.audioLevelId, level: 20 };
  let sent = 0;
  return {
    send: () => {
      writeStamp(payload, process.hrtime.bigint());
      const numbers = { sequenceNumber: sent, timestamp: (sent * 48_000) / voicePacketsPerSecond };
      const packet = { ...numbers, payloadType: voice.payloadType, ssrc, payload, audioLevel };
      if (voice.send(buildRtp(packet))) sent += 1;
    },
  };
}

/** Each packet begins a key frame, so that no server waits for one (RFC 7741 4.2, 4.3). */
function sharing(picture: Outgoing, ssrc: number, bps: number): Sender {
  const payload = Buffer.alloc(screenPacketBytes, 0x55);
  payload.set([0x10, 0x00, 0x00, 0x00, 0x9d, 0x01, 0x2a]);
  let [sent, due, frames] = [0, 0, 0];
  return {
    send: () => {
      due += screenPacketsPerSecond(bps) / voicePacketsPerSecond;
      frames += 1;
      const timestamp = (frames * 90_000) / voicePacketsPerSecond;
      for (; sent < Math.floor(due); sent += 1) {
        writeStamp(payload, process.hrtime.bigint());
        const { payloadType } = picture;
        picture.send(buildRtp({ payloadType, sequenceNumber: sent, timestamp, ssrc, payload }));
      }
    },
  };
}
