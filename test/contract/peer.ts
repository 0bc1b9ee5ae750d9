/**
 * A user in a call: the bot's peer connection, with the plugin's WebSocket as its signalling. Everything that the
 * server sent is kept as it came, so that a scenario can look at it.
 */
import { randomInt } from 'node:crypto';

import type { Voice } from '../../demo/bots/outgoing.ts';
import { buildRtp, parseRtp, type ReceivedRtp } from '../../demo/bots/rtp.ts';
import { eventually } from '../support/eventually.ts';
import type { Plugin } from './plugin.ts';
import { pluginPeer } from './pluginPeer.ts';

/** Who joins, and how. */
export interface PeerOptions {
  readonly plugin: Plugin;
  readonly callID: string;
  readonly userID: string;
  readonly sessionID: string;
  /** Default false, as the plugin's setting. */
  readonly dcSignaling?: boolean;
  /** Default false. */
  readonly av1Support?: boolean;
  /** Of the data channel; default: the one of every client. */
  readonly channelLabel?: string;
}

/** What came from the server about one session. */
export interface Signal {
  readonly type: 'offer' | 'answer' | 'candidate';
  readonly sdp?: string;
  readonly candidate?: { readonly candidate: string };
}

/** One user. */
export interface CallPeer {
  readonly sessionID: string;
  readonly plugin: Plugin;
  /** SDP and candidates that came by the plugin, in order. */
  readonly signals: readonly Signal[];
  /** Messages that came on the data channel, in order: text as it is, bytes as hex. */
  readonly channel: readonly string[];
  /** RTP packets by their sender's session, in order. */
  readonly packetsOf: (sender: string) => readonly ReceivedRtp[];
  /** Sends text, or bytes given as hex, on the data channel. */
  readonly say: (message: { readonly text: string } | { readonly hex: string }) => void;
  /** Adds a voice under the lock. It is silent until it speaks. */
  readonly addVoice: () => Promise<PeerVoice>;
  readonly mute: () => void;
  readonly unmute: () => void;
  readonly leave: () => void;
  /** Why the peer connection ended; undefined while it lasts. */
  readonly failure: () => string | undefined;
  readonly close: () => void;
}

/** A voice of a user. */
export interface PeerVoice {
  readonly ssrc: number;
  /** Sends `count` packets, one every 20 ms; `level` by packet, 0 loudest, 127 silence. Resolves when they are sent. */
  readonly speak: (count: number, level?: (index: number) => number) => Promise<void>;
  /** Speaks from now on until `stop`. */
  readonly babble: (level?: (index: number) => number) => void;
  readonly stop: () => void;
  /** The RTP timestamps that were sent. */
  readonly timestamps: readonly number[];
}

const packetMs = 20;

/** Joins, and connects up to an open data channel. */
export async function joinPeer(options: PeerOptions): Promise<CallPeer> {
  const peer = startPeer(options);
  await eventually(
    () => (peer.isOpen() || peer.failure() !== undefined ? undefined : 'an open data channel'),
    { timeoutMs: 15_000 },
  ).catch((error: unknown) => {
    peer.close();
    throw error;
  });
  const failure = peer.failure();
  if (failure === undefined) return peer;
  peer.close();
  throw new Error(`joining: ${failure}`);
}

function startPeer(options: PeerOptions): CallPeer & { readonly isOpen: () => boolean } {
  const { plugin, callID, userID, sessionID, dcSignaling = false, av1Support = false } = options;
  const [signals, channel]: [Signal[], string[]] = [[], []];
  const packets = new Map<string, ReceivedRtp[]>();
  const voices: PeerVoice[] = [];
  let failure: string | undefined;
  let isOpen = false;
  plugin.join({ callID, userID, sessionID, channelID: callID, dcSignaling, av1Support });
  const peer = pluginPeer(plugin, sessionID, {
    dcSignaling,
    ...(options.channelLabel === undefined ? {} : { channelLabel: options.channelLabel }),
    onSignal: (json) => signals.push(JSON.parse(json) as Signal),
    onPacket: (sender, bytes) => {
      const packet = parseRtp(bytes);
      if (packet === undefined) return;
      const own = { ...packet, payload: Buffer.from(packet.payload) };
      packets.set(sender, [...(packets.get(sender) ?? []), own]);
    },
    onFailed: (reason) => (failure ??= reason),
    onChannelMessage: (message) =>
      void channel.push(typeof message === 'string' ? message : Buffer.from(message).toString('hex')),
  });
  void peer.opened().then(() => (isOpen = true));
  return {
    sessionID,
    plugin,
    signals,
    channel,
    packetsOf: (sender) => packets.get(sender) ?? [],
    say: (message) => peer.say('text' in message ? message.text : Buffer.from(message.hex, 'hex')),
    addVoice: async () => {
      const ssrc = randomInt(1, 2 ** 32);
      const voice = createVoice(await peer.addVoice(ssrc, `stream-${sessionID}`), ssrc);
      voices.push(voice);
      return voice;
    },
    mute: () => plugin.rtc(sessionID, 'mute'),
    unmute: () => plugin.rtc(sessionID, 'unmute'),
    leave: () => plugin.leave(sessionID),
    failure: () => failure,
    isOpen: () => isOpen,
    close: () => {
      for (const voice of voices) voice.stop();
      peer.close();
    },
  };
}

function createVoice(voice: Voice, ssrc: number): PeerVoice {
  const timestamps: number[] = [];
  let [sent, timer]: [number, NodeJS.Timeout | undefined] = [0, undefined];
  const sendOne = (level: number): void => {
    const payload = Buffer.alloc(80, 0x55);
    payload.writeUInt32BE(sent, 1);
    const timestamp = sent * 960;
    const audioLevel = { id: voice.audioLevelId, level };
    const { payloadType } = voice;
    if (!voice.send(buildRtp({ payloadType, sequenceNumber: sent, timestamp, ssrc, payload, audioLevel })))
      return;
    timestamps.push(timestamp);
    sent += 1;
  };
  const stop = (): void => clearInterval(timer);
  const run = (count: number, level: (index: number) => number, done: () => void): void => {
    stop();
    const startedMs = performance.now();
    let tick = 0;
    // A timer that comes late sends what was due meanwhile, so that the rate holds.
    timer = setInterval(() => {
      const due = Math.min(count, Math.floor((performance.now() - startedMs) / packetMs));
      for (; tick < due; tick += 1) sendOne(level(tick));
      if (tick === count) {
        stop();
        done();
      }
    }, packetMs / 2);
  };
  return {
    ssrc,
    timestamps,
    stop,
    speak: (count, level = () => 20) => new Promise((resolve) => run(count, level, resolve)),
    babble: (level = () => 20) => run(Infinity, level, () => undefined),
  };
}
