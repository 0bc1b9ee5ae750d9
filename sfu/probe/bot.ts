/** One session of a probe: a client without a browser, on the one path that is probed. */
import { Audio, type DataChannel, PeerConnection, type Track } from 'node-datachannel';
import { onPath } from './paths.ts';
import type { Path } from './report.ts';
import { opusPayloadType, packetOf } from './speech.ts';

/** What a bot is made of. */
export interface BotDeps {
  readonly name: string;
  readonly path: Path;
  /** The SSRC of what it says; absent: it listens. */
  readonly voice?: number;
  readonly send: (description: Description) => void;
  /** One packet of somebody's voice, RTP or RTCP. */
  readonly hear: (packet: Uint8Array) => void;
  readonly onFailed: (reason: string) => void;
}

/** An offer or an answer. */
export interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

/** See the file comment. Whoever speaks offers its voice at once: nothing is negotiated that clients do not, too. */
export class Bot {
  readonly #deps: BotDeps;
  readonly #pc: PeerConnection;
  readonly #channel: DataChannel;
  readonly #voice: Track | undefined;
  /** Held, or the library would collect them with their callbacks. */
  readonly #tracks = new Map<string, Track>();
  #isClosed = false;

  constructor(deps: BotDeps) {
    this.#deps = deps;
    this.#pc = new PeerConnection(deps.name, {
      iceServers: [],
      disableAutoNegotiation: true,
      forceMediaTransport: true, // The voice of the other comes later, on the transport of the data channel.
    });
    this.#pc.onLocalDescription((sdp, type) => {
      if (type === 'offer' || type === 'answer') deps.send({ type, sdp });
    });
    this.#pc.onTrack((track) => this.#listen(track));
    this.#pc.onStateChange((state) => {
      if (!this.#isClosed && (state === 'failed' || state === 'closed')) deps.onFailed(`it is ${state}`);
    });
    this.#channel = this.#pc.createDataChannel('calls-dc');
    this.#voice = deps.voice === undefined ? undefined : this.#pc.addTrack(voiceOf(deps.name, deps.voice));
    this.#pc.setLocalDescription('offer');
  }

  /** Takes a description of the server. */
  take({ type, sdp }: Description): void {
    if (this.#isClosed) return;
    this.#pc.setRemoteDescription(onPath(sdp, this.#deps.path), type);
    if (type === 'offer') this.#pc.setLocalDescription('answer');
  }

  /** Says the packet with this number; false while nothing can be sent. */
  say(number: number): boolean {
    if (this.#deps.voice === undefined || this.#voice?.isOpen() !== true) return false;
    return this.#voice.sendMessageBinary(packetOf(number, this.#deps.voice));
  }

  /** Whether it has a way to the server. */
  isConnected(): boolean {
    return this.#channel.isOpen();
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pc.close();
  }

  #listen(track: Track): void {
    this.#tracks.set(track.mid(), track);
    track.onMessage((bytes) => this.#deps.hear(bytes));
  }
}

function voiceOf(name: string, ssrc: number): Audio {
  const audio = new Audio('voice', 'SendOnly');
  audio.addOpusCodec(opusPayloadType, 'minptime=10;useinbandfec=1');
  audio.addSSRC(ssrc, name, name, `${name}-voice`);
  return audio;
}
