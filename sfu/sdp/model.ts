/** The vocabulary of media descriptions: what SDP says, as plain data. Names follow RFC 8866 and RFC 8829. */
import type { BoundAddress } from './candidates.ts';

/** `a=fingerprint` (RFC 8122): hash name in lower case, value as colon-separated upper-case hex. */
export interface Fingerprint {
  readonly algorithm: string;
  readonly value: string;
}

/** `a=rtcp-fb`: `{type: 'nack', parameter: 'pli'}`. */
export interface Feedback {
  readonly type: string;
  /** Empty when there is none. */
  readonly parameter: string;
}

/** One payload type of a media section. */
export interface Codec {
  readonly payloadType: number;
  /** Lower case: `opus`, `vp8`, `av1`, `rtx`. */
  readonly name: string;
  readonly clockRate: number;
  /** 1 unless the SDP says otherwise. */
  readonly channels: number;
  /** `a=fmtp`, empty when there is none. */
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly feedback: readonly Feedback[];
}

/** `a=extmap` (RFC 8285). */
export interface Extension {
  readonly id: number;
  readonly uri: string;
}

/** From the view of who wrote the description (RFC 8866 6.7). */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** What media sections of the kind may contain. */
export interface KindProfile {
  readonly codecs: readonly Codec[];
  readonly extensions: readonly Extension[];
}

/** What this server offers: the same payload types and extension ids in every section of every session. */
export interface MediaProfile {
  readonly audio: KindProfile;
  readonly video: KindProfile;
}

/** The server's end of one session's transport. */
export interface TransportDescription {
  readonly iceUfrag: string;
  readonly icePwd: string;
  readonly fingerprint: Fingerprint;
  /** Sockets on which the transport can be reached. */
  readonly bound: readonly BoundAddress[];
  /** Largest SCTP message that is taken, bytes. */
  readonly maxMessageSize: number;
}
