/** A participant without a browser: joins like a page, speaks, listens, and reports what it heard. */
import { randomInt } from 'node:crypto';

import type { HeardVoice, Listener } from '../matrix/hearing.ts';
import type { Person, Place } from '../page/server/pageMessages.ts';
import type { Speaker } from '../speech/speakers.ts';
import type { Speech } from '../speech/speech.ts';
import { createInbox } from './inbox.ts';
import { listenForTones } from './listen.ts';
import { BotPeer } from './peer.ts';
import { createReceiver, type Receiver } from './reception.ts';
import { parseRtp } from './rtp.ts';
import { openSignalling, type Signalling } from './signalling.ts';
import { createTalker, type Talker } from './talker.ts';

/** Options of `joinBot`. */
export interface BotOptions {
  readonly pageUrl: string;
  readonly call: string;
  readonly speaker: Pick<Speaker, 'name' | 'toneHz'>;
  readonly speech: Speech;
  /** Default false, as the plugin's setting. */
  readonly dcSignaling?: boolean;
}

/** A bot in a call. */
export interface Bot extends Listener {
  readonly sessionID: string;
  readonly place: Place;
  people(): readonly Person[];
  /** The first time it adds its voice to the call. */
  unmute(): Promise<void>;
  mute(): void;
  /** Why the session ended, undefined while it lasts. */
  ended(): string | undefined;
  /** Idempotent. */
  leave(): void;
}

/** Joins muted. Rejects when the server refuses, with its reason. */
export async function joinBot(options: BotOptions): Promise<Bot> {
  const { dcSignaling = false } = options;
  const { name, toneHz } = options.speaker;
  const inbox = createInbox();
  const receivers = new Map<string, Receiver>();
  const signalling = await openSignalling(options.pageUrl, (message) => inbox.take(message));
  signalling.send({ type: 'join', call: options.call, name, dcSignaling });
  const { sessionID, place } = await inbox.joined().catch((error: unknown) => {
    signalling.close();
    throw error;
  });
  const peer = new BotPeer({
    name,
    dcSignaling,
    sendSdp: (deflated) => signalling.send({ type: 'sdp', data: Buffer.from(deflated).toString('base64') }),
    sendCandidate: (candidate) => signalling.send({ type: 'ice', candidate: { ...candidate } }),
    onPacket: (sender, bytes) => takePacket(receivers, sender, bytes),
    onFailed: (reason) => inbox.take({ type: 'ended', reason }),
  });
  inbox.onSignal((data) => peer.signal(data));
  const voice = createBotVoice(peer, signalling, { speech: options.speech, stream: `${name}-${sessionID}` });
  let hasLeft = false;
  return {
    name,
    sessionID,
    place,
    people: () => inbox.people(),
    unmute: () => voice.unmute(),
    mute: () => voice.mute(),
    voices: () => Promise.resolve(receivers.size),
    openWindow: () => {
      receivers.forEach((receiver) => receiver.open());
      return Promise.resolve();
    },
    hear: async (tonesHz) => ({ name, toneHz, voices: await hear([...receivers.values()], tonesHz) }),
    way: () => Promise.resolve(peer.way()),
    ended: () => inbox.ended(),
    leave: () => {
      if (hasLeft) return;
      hasLeft = true;
      voice.close();
      signalling.send({ type: 'leave' });
      peer.close();
      signalling.close();
    },
  };
}

function createBotVoice(
  peer: BotPeer,
  signalling: Signalling,
  what: { readonly speech: Speech; readonly stream: string },
): Pick<Bot, 'mute' | 'unmute'> & { close(): void } {
  let talker: Talker | undefined;
  return {
    unmute: async () => {
      if (talker === undefined) {
        const ssrc = randomInt(1, 2 ** 32);
        talker = createTalker(await peer.addVoice(ssrc, what.stream), what.speech, ssrc);
      }
      signalling.send({ type: 'unmute' });
      talker.speak();
    },
    mute: () => {
      talker?.pause();
      signalling.send({ type: 'mute' });
    },
    close: () => talker?.close(),
  };
}

function takePacket(receivers: Map<string, Receiver>, sender: string, bytes: Uint8Array): void {
  const nowNs = process.hrtime.bigint();
  const packet = parseRtp(bytes);
  if (packet === undefined) return;
  const receiver = receivers.get(sender) ?? createReceiver();
  receivers.set(sender, receiver);
  receiver.take(packet, nowNs);
}

/** Counts first, for everyone at the same moment; listening to the sound takes a while. */
async function hear(receivers: readonly Receiver[], tonesHz: readonly number[]): Promise<HeardVoice[]> {
  const counted = receivers.map((receiver) => receiver.read()).filter(({ packets }) => packets > 0);
  const voices: HeardVoice[] = [];
  for (const { packets, lost, delaysMs, payloads } of counted)
    voices.push({ packets, lost, delaysMs, tones: await listenForTones(payloads, tonesHz) });
  return voices;
}
