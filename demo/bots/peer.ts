/**
 * A WebRTC peer without a browser that follows the web client's protocol: the
 * data channel first, the lock around its own offers, an answer to every
 * offer of the server (wire spec 3 and 4).
 */
import {
  type Audio,
  type DataChannel,
  type DescriptionType,
  PeerConnection,
  type Track,
  type Video,
} from 'node-datachannel';

import type { Way } from '../matrix/way.ts';
import { dataChannelLabel, decodeDataChannel, encodeDataChannel } from '../protocol/dataChannel.ts';
import { deflate, inflate } from '../protocol/deflate.ts';
import { audioLevelId, sendersByMid } from './offer.ts';
import {
  opusPayloadType,
  type Outgoing,
  pictureLine,
  type Voice,
  voiceLine,
  vp8PayloadType,
} from './outgoing.ts';
import { createSignallingLock, type SignallingLock } from './signallingLock.ts';

/** What a peer is made of. */
export interface PeerDeps {
  readonly name: string;
  /** Whether offers and answers go over the data channel once it is open. */
  readonly dcSignaling: boolean;
  readonly sendSdp: (deflated: Uint8Array) => void;
  readonly sendCandidate: (candidate: object) => void;
  /** Default false: pictures are taken and counted by nobody. */
  readonly takesPictures?: boolean;
  /** One packet of another session's voice, or picture, RTP or RTCP. */
  readonly onPacket: (sessionID: string, bytes: Uint8Array) => void;
  readonly onFailed: (reason: string) => void;
  /** The local address to send from. Default: any. */
  readonly bindAddress?: string;
  /** Default: the one of every client. */
  readonly channelLabel?: string;
  /** Everything that arrives on the data channel, before it is handled. */
  readonly onChannelMessage?: (message: string | Uint8Array) => void;
}

/** One session's peer connection. */
export class BotPeer {
  readonly #deps: PeerDeps;
  readonly #pc: PeerConnection;
  readonly #channel: DataChannel;
  readonly #lock: SignallingLock;
  /** Held, or the library would collect them with their callbacks. */
  readonly #tracks = new Map<string, Track>();
  readonly #opened = Promise.withResolvers<undefined>();
  #senders: ReadonlyMap<string, string> = new Map();
  #audioLevelId: number | undefined;
  #answered = Promise.withResolvers<undefined>();
  #isFirstAnswer = true;
  #isClosed = false;
  #pings: NodeJS.Timeout | undefined;
  #inOrder: Promise<void> = Promise.resolve();
  /** Candidates of both sides that came before the first answer. */
  readonly #untilAnswered: (() => void)[] = [];

  constructor(deps: PeerDeps) {
    this.#deps = deps;
    this.#pc = new PeerConnection(deps.name, {
      iceServers: [],
      disableAutoNegotiation: true,
      forceMediaTransport: true, // Media comes later, on the transport of the data channel.
      ...(deps.bindAddress === undefined ? {} : { bindAddress: deps.bindAddress }),
    });
    this.#pc.onLocalDescription((sdp, type) => void this.#sendDescription(sdp, type));
    // A server that knows our address before we know its fingerprint may finish ICE first, and the library then
    // fails the handshake instead of waiting for the answer.
    this.#pc.onLocalCandidate((candidate, mid) =>
      this.#onceAnswered(() =>
        deps.sendCandidate({ candidate: candidate.replace(/^a=/, ''), sdpMid: mid, sdpMLineIndex: 0 }),
      ),
    );
    this.#pc.onTrack((track) => this.#receive(track));
    this.#pc.onStateChange((state) => {
      if (this.#isClosed) return;
      if (state === 'failed' || state === 'closed') deps.onFailed(`the peer connection is ${state}`);
    });
    this.#channel = this.#pc.createDataChannel(deps.channelLabel ?? dataChannelLabel);
    this.#lock = createSignallingLock(() => this.#sendOnChannel(encodeDataChannel('lock')));
    this.#channel.onOpen(() => this.#onOpen());
    this.#channel.onMessage((message) => {
      const received = typeof message === 'string' ? message : new Uint8Array(message);
      deps.onChannelMessage?.(received);
      if (typeof received !== 'string') this.#onChannelMessage(received);
    });
    this.#pc.setLocalDescription('offer');
  }

  /** JSON of the server: SDP or a candidate. Handled in the order of the calls. */
  signal(json: string): void {
    this.#enqueue(() => Promise.resolve(json));
  }

  /** Adds a voice and negotiates it. Resolves with what is needed to send on it. */
  async addVoice(ssrc: number, stream: string): Promise<Voice> {
    await this.#grabLock();
    // Only now: while the lock was awaited an offer may have told which number the server goes by.
    const id = this.#audioLevelId ?? 1;
    const audio = voiceLine(this.#deps.name, { ssrc, stream, audioLevelId: id });
    return { ...(await this.#negotiate(audio)), payloadType: opusPayloadType, audioLevelId: id };
  }

  /** Adds one picture of `stream` in VP8 and negotiates it, as `addVoice` does. */
  async addPicture(ssrc: number, stream: string): Promise<Outgoing> {
    await this.#grabLock();
    const video = pictureLine(this.#deps.name, { ssrc, stream });
    return { ...(await this.#negotiate(video)), payloadType: vp8PayloadType };
  }

  /** A bot is told of no TURN servers: it goes the direct way, or none. */
  way(): Way | undefined {
    const pair = this.#pc.getSelectedCandidatePair();
    return pair === null ? undefined : { kind: pair.local.type };
  }

  /** Resolves when the data channel is open. */
  async opened(): Promise<void> {
    await this.#opened.promise;
  }

  /** Sends a message on the data channel as it is, if it is open. */
  say(message: string | Uint8Array): void {
    if (typeof message !== 'string') this.#sendOnChannel(message);
    else if (this.#channel.isOpen()) this.#channel.sendMessage(message);
  }

  /** Ends the connection; reports nothing. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#pings);
    this.#pc.close();
  }

  async #grabLock(): Promise<void> {
    await this.#opened.promise;
    await this.#lock.grab();
  }

  /** Under the lock. */
  async #negotiate(media: Audio | Video): Promise<Pick<Outgoing, 'send'>> {
    this.#answered = Promise.withResolvers<undefined>();
    const track = this.#pc.addTrack(media);
    this.#pc.setLocalDescription('offer');
    await this.#answered.promise;
    return { send: (packet) => track.isOpen() && track.sendMessageBinary(Buffer.from(packet)) };
  }

  #enqueue(json: () => Promise<string>): void {
    this.#inOrder = this.#inOrder
      .then(async () => this.#apply(JSON.parse(await json()) as ServerSignal))
      .catch((error: unknown) => this.#deps.onFailed(String(error)));
  }

  #apply(signal: ServerSignal): void {
    if (this.#isClosed) return;
    switch (signal.type) {
      case 'candidate':
        this.#onceAnswered(() => this.#addCandidate(signal.candidate.candidate));
        return;
      case 'answer':
        this.#pc.setRemoteDescription(signal.sdp, 'answer');
        if (!this.#isFirstAnswer) this.#sendOnChannel(encodeDataChannel('unlock'));
        this.#isFirstAnswer = false;
        this.#untilAnswered.splice(0).forEach((action) => action());
        this.#answered.resolve(undefined);
        return;
      case 'offer':
        this.#senders = sendersByMid(
          signal.sdp,
          this.#deps.takesPictures === true ? ['audio', 'video'] : ['audio'],
        );
        this.#audioLevelId ??= audioLevelId(signal.sdp);
        this.#pc.setRemoteDescription(signal.sdp, 'offer');
        this.#pc.setLocalDescription('answer');
    }
  }

  #onceAnswered(action: () => void): void {
    if (this.#isFirstAnswer) this.#untilAnswered.push(action);
    else action();
  }

  /**
   * Everything is on one transport: the mid of the data channel stands for all. A connection that has ended takes no
   * candidate, and its state says why it ended.
   */
  #addCandidate(candidate: string): void {
    if (candidate === '' || this.#pc.state() === 'closed') return;
    this.#pc.addRemoteCandidate(candidate, '0');
  }

  async #sendDescription(sdp: string, type: DescriptionType): Promise<void> {
    const deflated = await deflate(JSON.stringify({ type, sdp }));
    if (this.#deps.dcSignaling && this.#channel.isOpen())
      this.#sendOnChannel(encodeDataChannel('sdp', deflated));
    else this.#deps.sendSdp(deflated);
  }

  #onOpen(): void {
    this.#pings = setInterval(() => this.#sendOnChannel(encodeDataChannel('ping')), 1000);
    this.#sendOnChannel(encodeDataChannel('ping'));
    this.#opened.resolve(undefined);
  }

  #onChannelMessage(bytes: Uint8Array): void {
    const message = decodeDataChannel(bytes);
    if (message.type === 'lock') this.#lock.replied(message.isGranted);
    if (message.type === 'sdp') this.#enqueue(() => inflate(message.deflated));
  }

  #receive(track: Track): void {
    const mid = track.mid();
    this.#tracks.set(mid, track);
    track.onClosed(() => {
      this.#tracks.delete(mid);
      track.close(); // Or the library keeps its other callback, and the process with it, until it is collected.
    });
    track.onMessage((bytes) => {
      const sender = this.#senders.get(mid);
      if (sender !== undefined) this.#deps.onPacket(sender, bytes);
    });
  }

  #sendOnChannel(message: Uint8Array): void {
    if (this.#channel.isOpen()) this.#channel.sendMessageBinary(Buffer.from(message));
  }
}

/** What a server sends through the plugin or the data channel (wire spec 2.3 and 3.3). */
type ServerSignal =
  | { readonly type: 'offer' | 'answer'; readonly sdp: string }
  | {
      readonly type: 'candidate';
      readonly candidate: { readonly candidate: string };
    };
