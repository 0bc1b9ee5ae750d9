/** The media of one session: its transport, and what it sends and receives. */
import type {
  Consumer,
  DirectTransport,
  Producer,
  Router,
  RtpCapabilities,
  WebRtcServer,
  WebRtcTransport,
} from 'mediasoup/types';

import type { MediaProfile } from '../sdp/model.ts';
import type { MediaCommand, MediaEvent } from './port.ts';
import { climb, firstLayers } from './layers.ts';
import { incoming, type MeteredTrack, outgoing } from './packetMeter.ts';
import { receiveCapabilities, rtpParameters } from './rtp.ts';
import { SessionChannel } from './sessionChannel.ts';

/** What a session's media is made on. */
export interface SessionGround {
  readonly router: Router;
  /** Of the router, which makes a copy each time that it is asked. */
  readonly capabilities: RtpCapabilities;
  /** What is offered of them: one for all sessions. */
  readonly profile: MediaProfile;
  readonly server: WebRtcServer;
  /** Carries the data channels of all sessions of the call between the worker and this process. */
  readonly direct: DirectTransport;
  /** A track has come in here: others will want it. */
  readonly take: (producer: Producer) => Promise<void>;
  /** Brings a track here that comes in elsewhere; resolves at once when it is here. */
  readonly reach: (producerID: string) => Promise<void>;
}

type Of<T extends MediaCommand['type']> = Extract<MediaCommand, { readonly type: T }>;

/** After so many seconds without an ICE check of the client its path counts as lost (RFC 7675: 30 s in all, with the grace of the call). */
const iceConsentTimeoutSeconds = 25;

/** A sender is asked for a key frame at most so often, however many receivers want one (wire spec 3.12). */
const keyFrameRequestDelayMs = 1_000;

/** One session. Reports nothing after `close()`. */
export class SessionMedia {
  readonly #sessionID: string;
  readonly #report: (event: MediaEvent) => void;
  readonly #producers = new Map<string, Producer>();
  readonly #consumers = new Map<string, Consumer>();
  readonly #channel = new SessionChannel();
  #ground: SessionGround | undefined;
  #transport: WebRtcTransport | undefined;
  #closed = false;

  constructor(sessionID: string, report: (event: MediaEvent) => void) {
    this.#sessionID = sessionID;
    this.#report = (event) => {
      if (!this.#closed) report(event);
    };
  }

  /**
   * Opens the transport with its data channel ready, so that nothing a client
   * sends early is lost. Rejects with nothing left open.
   */
  async open(opening: Promise<SessionGround>): Promise<void> {
    const ground = await opening;
    const transport = await ground.router.createWebRtcTransport({
      webRtcServer: ground.server,
      enableUdp: true,
      enableTcp: true,
      enableSctp: true,
      iceConsentTimeout: iceConsentTimeoutSeconds,
    });
    this.#ground = ground;
    this.#transport = transport;
    this.#watch(transport);
    try {
      await this.#channel.open({ transport, direct: ground.direct }, (data, ppid) =>
        this.#report({ type: 'dataReceived', sessionID: this.#sessionID, ppid, data }),
      );
    } catch (error) {
      this.#release();
      throw error;
    }
    if (this.isClosed()) this.#release();
    this.#report({
      type: 'transportOpened',
      sessionID: this.#sessionID,
      ...this.#describe(ground, transport),
    });
  }

  /** The peer opens DTLS, so it is client and we are server. */
  async connect(command: Of<'connectTransport'>): Promise<void> {
    const fingerprints = command.fingerprints.map(({ algorithm, value }) => ({ algorithm, value }));
    await this.#opened().transport.connect({
      dtlsParameters: { role: 'client', fingerprints: fingerprints as never },
    });
    this.#report({ type: 'transportConnected', sessionID: this.#sessionID });
  }

  /** New ICE credentials on our side; the old ones hold until the peer uses the new. */
  async restartIce(): Promise<void> {
    const { usernameFragment, password } = await this.#opened().transport.restartIce();
    this.#report({
      type: 'iceRestarted',
      sessionID: this.#sessionID,
      iceUfrag: usernameFragment,
      icePwd: password,
    });
  }

  /** Takes a track in. */
  async produce(command: Of<'produce'>): Promise<void> {
    const { ground, transport } = this.#opened();
    const { sessionID, mid, kind, rtp } = command;
    const producer = await transport.produce({
      kind,
      rtpParameters: rtpParameters(kind, mid, rtp),
      keyFrameRequestDelay: keyFrameRequestDelayMs,
    });
    try {
      await ground.take(producer);
    } catch (error) {
      producer.close();
      throw error;
    }
    this.#producers.set(producer.id, producer);
    this.#report({ type: 'produced', sessionID, mid, producerID: producer.id });
  }

  /** Prepares a track towards the peer, paused. */
  async consume(command: Of<'consume'>): Promise<void> {
    const { ground, transport } = this.#opened();
    const { sessionID, mid, producerID } = command;
    await ground.reach(producerID);
    const consumer = await transport.consume({
      producerId: producerID,
      rtpCapabilities: receiveCapabilities(ground.capabilities, command.kind, command.withExtensions),
      mid,
      paused: true,
      preferredLayers: firstLayers,
    });
    climb(transport, consumer, (layer) => this.#report({ type: 'layerChanged', sessionID, mid, layer }));
    this.#consumers.set(consumer.id, consumer);
    consumer.on('producerclose', () => this.#consumers.delete(consumer.id));
    const [encoding] = consumer.rtpParameters.encodings ?? [];
    const rtxSsrc = encoding?.rtx?.ssrc;
    this.#report({
      type: 'consumed',
      sessionID,
      mid,
      producerID,
      consumerID: consumer.id,
      ssrc: encoding?.ssrc ?? 0,
      ...(rtxSsrc === undefined ? {} : { rtxSsrc }),
    });
  }

  /** A producer of this session that is still there. */
  producer(producerID: string): Producer | undefined {
    return this.#producers.get(producerID);
  }

  /** A consumer of this session that is still there: one whose producer closed is gone. */
  consumer(consumerID: string): Consumer | undefined {
    return this.#consumers.get(consumerID);
  }

  /** Every track that comes from the peer or goes to it. */
  tracks(): MeteredTrack[] {
    return [...[...this.#producers.values()].map(incoming), ...[...this.#consumers.values()].map(outgoing)];
  }

  /** Stops taking a track. Its consumers in other sessions close with it. */
  closeProducer(producerID: string): void {
    this.#producers.get(producerID)?.close();
    this.#producers.delete(producerID);
  }

  /** Stops sending a track. */
  closeConsumer(consumerID: string): void {
    this.#consumers.get(consumerID)?.close();
    this.#consumers.delete(consumerID);
  }

  /** One message on the data channel. */
  send(ppid: number, data: Uint8Array): void {
    this.#channel.send(ppid, data);
  }

  /** Whether `close()` was called. */
  isClosed(): boolean {
    return this.#closed;
  }

  /** Closes everything; also what is still being opened. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#release();
  }

  #release(): void {
    this.#transport?.close();
    this.#channel.close();
  }

  #opened(): { readonly ground: SessionGround; readonly transport: WebRtcTransport } {
    if (this.#ground === undefined || this.#transport === undefined) throw new Error('transport is not open');
    return { ground: this.#ground, transport: this.#transport };
  }

  #watch(transport: WebRtcTransport): void {
    const sessionID = this.#sessionID;
    transport.on('icestatechange', (state) => {
      if (state === 'new') return;
      this.#report({ type: 'iceState', sessionID, state: state === 'completed' ? 'connected' : state });
    });
    transport.on('dtlsstatechange', (state) => {
      if (state === 'new' || state === 'connecting') return;
      this.#report({ type: 'dtlsState', sessionID, state });
    });
    transport.on('sctpstatechange', (state) => {
      if (state === 'closed' || state === 'failed') this.#report({ type: 'sctpClosed', sessionID });
    });
  }

  #describe(
    ground: SessionGround,
    transport: WebRtcTransport,
  ): Pick<Extract<MediaEvent, { readonly type: 'transportOpened' }>, 'transport' | 'profile'> {
    const { iceParameters, iceCandidates, dtlsParameters, sctpParameters } = transport;
    const fingerprint = dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
    if (fingerprint === undefined) throw new Error('the worker has no sha-256 fingerprint');
    return {
      transport: {
        iceUfrag: iceParameters.usernameFragment,
        icePwd: iceParameters.password,
        fingerprint,
        bound: iceCandidates.map(({ protocol, address, port }) => ({ protocol, address, port })),
        maxMessageSize: sctpParameters?.maxMessageSize ?? 262_144,
      },
      profile: ground.profile,
    };
  }
}
