/**
 * The seam to the media workers: commands go down as data, what came of them
 * comes back as data. Implemented by `media/mediasoup.ts`.
 */
import type { Codec, Extension, Fingerprint, MediaProfile, TransportDescription } from '../sdp/model.ts';

/** How a peer sends one track. */
export interface SendParameters {
  readonly codecs: readonly Codec[];
  readonly extensions: readonly Extension[];
  readonly encodings: readonly Encoding[];
  /** The sender's session ID: receivers synchronise tracks of one CNAME. */
  readonly cname: string;
}

/** One RTP stream of a track: named by its SSRC, or by its RID when the track is sent in several layers (RFC 8853). */
export type Encoding =
  | {
      readonly ssrc: number;
      /** Absent when nothing is retransmitted on a stream of its own. */
      readonly rtxSsrc?: number;
    }
  | { readonly rid: string };

/** What may be asked for one session of a call. Every command is about an open transport of that session. */
export type MediaCommand =
  /** → `transportOpened` or `failed`. */
  | { readonly type: 'openTransport'; readonly sessionID: string }
  /** The peer's certificate is known; the peer is DTLS client. → `transportConnected` or `failed`. */
  | {
      readonly type: 'connectTransport';
      readonly sessionID: string;
      readonly fingerprints: readonly Fingerprint[];
    }
  /** The peer has new ICE credentials. → `iceRestarted` or `failed`. */
  | { readonly type: 'restartIce'; readonly sessionID: string }
  /** Takes a track from the peer. Levels of audio are observed; layers go from the lowest to the highest. → `produced` or `failed`. */
  | {
      readonly type: 'produce';
      readonly sessionID: string;
      readonly mid: string;
      readonly kind: 'audio' | 'video';
      readonly rtp: SendParameters;
    }
  | { readonly type: 'pauseProducer'; readonly sessionID: string; readonly producerID: string }
  | { readonly type: 'resumeProducer'; readonly sessionID: string; readonly producerID: string }
  | { readonly type: 'closeProducer'; readonly sessionID: string; readonly producerID: string }
  /** Prepares a track towards the peer, paused. → `consumed` or `failed`. */
  | {
      readonly type: 'consume';
      readonly sessionID: string;
      readonly mid: string;
      readonly producerID: string;
      readonly kind: 'audio' | 'video';
      /** False for a peer whose own extension ids differ from ours. */
      readonly withExtensions: boolean;
    }
  | { readonly type: 'resumeConsumer'; readonly sessionID: string; readonly consumerID: string }
  | { readonly type: 'closeConsumer'; readonly sessionID: string; readonly consumerID: string }
  /** One message on the data channel. PPIDs: RFC 8831 8. */
  | {
      readonly type: 'sendData';
      readonly sessionID: string;
      readonly ppid: number;
      readonly data: Uint8Array;
    }
  | { readonly type: 'closeTransport'; readonly sessionID: string };

/** How loud the packets of one audio track were. */
export interface TrackLevels {
  readonly producerID: string;
  /** RFC 6464: −dBov, 0 loudest, 127 silence; in the order of the packets. */
  readonly levels: readonly number[];
}

/** What media tells. */
export type MediaEvent =
  | {
      readonly type: 'transportOpened';
      readonly sessionID: string;
      readonly transport: TransportDescription;
      readonly profile: MediaProfile;
    }
  | { readonly type: 'transportConnected'; readonly sessionID: string }
  | {
      readonly type: 'iceRestarted';
      readonly sessionID: string;
      readonly iceUfrag: string;
      readonly icePwd: string;
    }
  | {
      readonly type: 'produced';
      readonly sessionID: string;
      readonly mid: string;
      readonly producerID: string;
    }
  | {
      readonly type: 'consumed';
      readonly sessionID: string;
      readonly mid: string;
      readonly producerID: string;
      readonly consumerID: string;
      readonly ssrc: number;
      /** Of the retransmissions, when they have a stream of their own. */
      readonly rtxSsrc?: number;
    }
  | {
      readonly type: 'failed';
      readonly sessionID: string;
      readonly command: 'openTransport' | 'connectTransport' | 'restartIce' | 'produce' | 'consume';
      /** Of `produce` and `consume`, else empty. */
      readonly mid: string;
      readonly reason: string;
    }
  | {
      readonly type: 'iceState';
      readonly sessionID: string;
      readonly state: 'connected' | 'disconnected' | 'closed';
    }
  | {
      readonly type: 'dtlsState';
      readonly sessionID: string;
      readonly state: 'connected' | 'failed' | 'closed';
    }
  /** The SCTP association is gone, so the data channel is. */
  | { readonly type: 'sctpClosed'; readonly sessionID: string }
  | {
      readonly type: 'dataReceived';
      readonly sessionID: string;
      readonly ppid: number;
      readonly data: Uint8Array;
    }
  /** What audio tracks brought in the last quarter of a second; tracks that brought nothing are not among them. */
  | { readonly type: 'levels'; readonly tracks: readonly TrackLevels[] }
  /** A receiver of a picture in layers gets another one: 0 is the lowest, null is none just now. */
  | {
      readonly type: 'layerChanged';
      readonly sessionID: string;
      readonly mid: string;
      readonly layer: number | null;
    }
  /** A worker died, and these sessions with it. Others of the call may go on. */
  | { readonly type: 'lost'; readonly sessionIDs: readonly string[]; readonly reason: string };

/** The media of one call. */
export interface CallMedia {
  /** Never throws; what comes of it is reported. Commands of one session take effect in order. */
  run(command: MediaCommand): void;
  /** Closes every transport. Idempotent; nothing is reported afterwards. */
  close(): void;
}

/** One worker at this moment; worker i listens on media port + i. */
export interface WorkerStatus {
  readonly bound: readonly TransportDescription['bound'][number][];
  /** Undefined while it is down; one that hangs has it. */
  readonly pid: number | undefined;
  /** Share of the last second in which it ran or waited for a core, 0 to 1, what was placed a moment ago included. */
  readonly load: number;
  /** CPU time so far, as last measured; starts anew with each start. */
  readonly cpuMs: number;
  /** Seconds that the last thing asked of it waited for its turn; grows while there is no answer. */
  readonly delaySeconds: number;
  /** Whether it takes new calls by the admission rule. */
  readonly hasRoom: boolean;
  /** Calls that have sessions on it. */
  readonly calls: number;
  readonly sessions: number;
  /** Tracks that come to it from other workers. */
  readonly pipes: number;
  /** How often it had to be started again. */
  readonly deaths: number;
  /** Why it is down or hangs, else undefined. */
  readonly trouble: string | undefined;
}

/** RTP packets between clients and us so far; what goes from worker to worker is not among them. */
export interface PacketCounts {
  readonly in: number;
  readonly out: number;
}

/** The media workers. */
export interface MediaPort {
  /**
   * Opens the media of one call. Its sessions are placed one by one, on the
   * first worker that has room. After `closeTransport` of a session nothing more
   * is reported about it, so its ID may be used again. The call of a probe is on
   * the worker that it probes, and neither counted nor metered.
   */
  openCall(callID: string, report: (event: MediaEvent) => void, probedWorker?: number): CallMedia;
  /** The sockets that are bound, of all workers. */
  readonly bound: readonly TransportDescription['bound'][number][];
  /** The workers, first the one on the media port itself. */
  workers(): readonly WorkerStatus[];
  /** As far as the tracks were asked: seconds late, and without what a track carried between its last answer and its end. */
  packets(): PacketCounts;
  /** RTP that goes to clients just now, seconds late. */
  egressBitsPerSecond(): number;
  /** Why media cannot be served just now (every worker died or hangs, and none is back yet), else undefined. */
  trouble(): string | undefined;
  /** Stops the workers and frees the ports. Idempotent. */
  close(): Promise<void>;
}
