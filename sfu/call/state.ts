/** A call as plain data. Replaced, never changed: every event makes the next state (`decide/`). */
import type { Encoding } from '../media/port.ts';
import type { TrackType } from '../protocol/trackId.ts';
import type { BoundAddress } from '../sdp/candidates.ts';
import type { MediaProfile, TransportDescription } from '../sdp/model.ts';
import type { IceCredentials, RemoteSection } from '../sdp/parse.ts';
import type { SectionBody } from '../sdp/section.ts';
import type { Vad } from './decide/vad.ts';
import type { SessionConfig } from './service.ts';

/** One call: who is in it and which tracks it carries. */
export interface Call {
  readonly groupID: string;
  readonly callID: string;
  readonly sessions: ReadonlyMap<string, Session>;
  /** Every track that is served to the others, by producer. What is not yet known for what it is, is none. */
  readonly tracks: ReadonlyMap<string, Track>;
  /** Who shares the screen, and by which stream; null when nobody does. */
  readonly screen: ScreenShare | null;
}

/** A screen share that was announced (wire spec 3.8). */
export interface ScreenShare {
  readonly sessionID: string;
  /** First token of `a=msid` of its tracks. */
  readonly streamID: string;
}

/** A track that a session sends to us and the others may have. */
export interface Track {
  readonly producerID: string;
  readonly sessionID: string;
  readonly mid: string;
  readonly type: TrackType;
  /** Lower case: `opus`, `vp8`, `av1`. */
  readonly codec: string;
  /** When its owner muted it; null while it may be heard. */
  readonly mutedSinceMs: number | null;
}

/** One user's peer connection. */
export interface Session {
  readonly config: SessionConfig;
  /** The plugin connection that sent `join`. */
  readonly joinConnID: string;
  /** The plugin connection that owns the session now (wire spec 2.5). */
  readonly connID: string;
  readonly joinedAtMs: number;
  /** Null until media has opened the transport. */
  readonly transport: OpenTransport | null;
  /** The m-lines in order: ours and the client's, as both know them or are about to. */
  readonly lines: readonly Line[];
  /** Number of the next mid of ours. */
  readonly nextMid: number;
  /** `sess-version` of the last description that we made. */
  readonly version: number;
  readonly negotiation: Negotiation;
  /** Client offers that came while another was being answered. */
  readonly queuedOffers: readonly ClientOffer[];
  readonly lock: Lock;
  /** When we first wanted the lock that the client holds; null when we do not. */
  readonly lockWantedAtMs: number | null;
  /** The client has answered an offer with our extension ids, so its own offers use the same. */
  readonly isSeeded: boolean;
  /** The client offered media with other extension ids before it was seeded: our lines then carry none. */
  readonly hasForeignIDs: boolean;
  /** Server offers in a row that were not answered. */
  readonly unansweredOffers: number;
  /** When the first answer was sent; null before. */
  readonly answeredAtMs: number | null;
  readonly isDataOpen: boolean;
  /** Messages of the data channel that could not be read. */
  readonly badMessages: number;
  /** Tracks that could not be sent to this session: not tried again. */
  readonly unsendable: ReadonlySet<string>;
  /** Stream of the webcam as last announced (wire spec 3.9); null before. */
  readonly videoStreamID: string | null;
  /** As the client last reported it; 0 before. */
  readonly roundTripMs: number;
  readonly vad: Vad;
}

/** The server's end of the session's transport, and how it is told to the client. */
export interface OpenTransport {
  readonly description: TransportDescription;
  readonly profile: MediaProfile;
  readonly addresses: readonly BoundAddress[];
  /** `connectTransport` was asked for: the client's certificate is known. */
  readonly isConnecting: boolean;
  /** The client's ICE credentials; null before its first offer, or when it gave none. */
  readonly clientIce: IceCredentials | null;
  /** Nothing has come from the client for a while. */
  readonly isPathLost: boolean;
}

/** One m-line. */
export interface Line {
  readonly mid: string;
  readonly kind: 'application' | 'audio' | 'video';
  /** Port 0. Once confirmed, the place may be used again under another mid. */
  readonly isRejected: boolean;
  /** The client knows the line as it stands. */
  readonly isConfirmed: boolean;
  /** What the client sends on it. */
  readonly incoming: Incoming | null;
  /** What we send on it. */
  readonly outgoing: Outgoing | null;
  /** What our offers say of it. */
  readonly body: SectionBody;
}

/** A track from the client on a line. */
export interface Incoming {
  readonly streamID: string;
  /** One, or one for each layer of simulcast. */
  readonly encodings: readonly Encoding[];
  /** Lower case: `opus`, `vp8`, `av1`. */
  readonly codec: string;
  /** Null until it is known what the client shows on the line (wire spec 3.6). */
  readonly type: TrackType | null;
  /** Null while media is taking it in. */
  readonly producerID: string | null;
}

/** A track towards the client on a line. */
export interface Outgoing {
  readonly producerID: string;
  readonly consumerID: string;
  readonly senderID: string;
  readonly type: TrackType;
  readonly codec: string;
  readonly ssrc: number;
  /** Of the retransmissions; absent for audio. */
  readonly rtxSsrc?: number;
  readonly trackID: string;
  /** The client has answered, so packets flow. */
  readonly isFlowing: boolean;
}

/** How a description travels: through the plugin or on the data channel. */
export type SignalPath = 'plugin' | 'data';

/** An offer of the client, not yet read. */
export interface ClientOffer {
  readonly path: SignalPath;
  readonly sdp: string;
  /** When it came. */
  readonly atMs: number;
}

/** What is under way between the descriptions of both sides. One thing at a time. */
export type Negotiation =
  | { readonly phase: 'idle' }
  /** A client offer is being carried out; the answer leaves when nothing is awaited any more. */
  | {
      readonly phase: 'answering';
      readonly path: SignalPath;
      /** When the offer came. */
      readonly offeredAtMs: number;
      readonly sections: readonly RemoteSection[];
      /** Mids whose track media is taking in, and `transport` while that is being connected. */
      readonly awaited: ReadonlySet<string>;
    }
  /** Tracks are made ready for an offer of ours. */
  | {
      readonly phase: 'preparing';
      readonly additions: readonly Addition[];
      /** The media map is on its way; the offer follows when it should have arrived. */
      readonly isAnnounced: boolean;
    }
  /** Our offer is out. */
  | { readonly phase: 'offered' };

/** A track on its way into our next offer. */
export interface Addition {
  readonly mid: string;
  readonly track: Track;
  /** Undefined while media is at it, null when it could not be had. */
  readonly consumer: ConsumerIDs | null | undefined;
}

/** A track towards a client, as media made it. */
export interface ConsumerIDs {
  readonly consumerID: string;
  readonly ssrc: number;
  readonly rtxSsrc?: number;
}

/** The signaling lock (wire spec 4.3). */
export interface Lock {
  readonly owner: 'server' | 'client' | null;
  readonly sinceMs: number;
}

/** A call that nobody has joined yet. */
export function emptyCall(groupID: string, callID: string): Call {
  return { groupID, callID, sessions: new Map(), tracks: new Map(), screen: null };
}

/** The call without a session and its tracks; for when no decision can be had. */
export function withoutSession(call: Call, sessionID: string): Call {
  return {
    ...call,
    sessions: new Map([...call.sessions].filter(([id]) => id !== sessionID)),
    tracks: new Map([...call.tracks].filter(([, track]) => track.sessionID !== sessionID)),
  };
}
