/**
 * The seam between the API shells (`http/`, `ws/`) and the calls: what the
 * shells hand in, and what they get back. Plain data only.
 */
import type { RtcMessage, ServerMessage } from '../protocol/messages.ts';

/** What a plugin told us in `join`, beside the identities. Absent values are null, as rtcd reports them. */
export interface SessionProps {
  readonly channelID: string | null;
  readonly av1Support: boolean | null;
  readonly dcSignaling: boolean | null;
}

/** One session as `GET /calls/{callID}/sessions` reports it (wire spec 1.5). */
export interface SessionConfig {
  readonly groupID: string;
  readonly callID: string;
  readonly userID: string;
  readonly sessionID: string;
  readonly props: SessionProps;
}

/** One decoded message of a plugin connection. `groupID` is the authenticated client, `connID` the WebSocket. */
export type PluginEvent =
  | {
      readonly type: 'join';
      readonly groupID: string;
      readonly connID: string;
      readonly session: SessionConfig;
    }
  | {
      readonly type: 'reconnect';
      readonly groupID: string;
      readonly connID: string;
      readonly sessionID: string;
    }
  | { readonly type: 'leave'; readonly groupID: string; readonly connID: string; readonly sessionID: string }
  | { readonly type: 'rtc'; readonly groupID: string; readonly connID: string; readonly message: RtcMessage };

/** Counts for `/stats`, `/system` and the gauges. */
export interface CallCounts {
  readonly calls: number;
  readonly sessions: number;
  /** Sessions of the call that has most. */
  readonly largestCall: number;
  /** Who can be heard or seen. */
  readonly sending: {
    /** Tracks from clients that are not muted. */
    readonly tracks: number;
    /** When one of those that are was muted last, on the process's own clock; null when none is. */
    readonly lastMuteMs: number | null;
  };
  /** Sessions by authenticated client: the label of `rtcd_rtc_sessions_total`. */
  readonly sessionsByGroup: Readonly<Record<string, number>>;
  readonly tracks: { readonly in: TrackCounts; readonly out: TrackCounts };
  /** Tracks by client, direction and MIME type: the labels of `rtcd_rtc_rtp_tracks_total`. */
  readonly tracksByGroup: readonly TrackRow[];
}

/** One kind of track that is sent to a client's sessions. */
export interface SentKindRow {
  readonly groupID: string;
  readonly kind: SentKind;
}

/** `type` of `rtcd_rtc_rtp_tracks_writes_time`: rtcd counts a webcam as a screen. */
export type SentKind = 'voice' | 'screen-audio' | 'screen';

/** How many tracks of one kind a client has. */
export interface TrackRow {
  readonly groupID: string;
  readonly direction: 'in' | 'out';
  /** In Go's spelling: `audio/opus`, `video/VP8`, `video/AV1`. */
  readonly mimeType: string;
  readonly value: number;
}

/** Tracks by kind; `voice` and `screenAudio` are Opus, the others VP8 or AV1. */
export interface TrackCounts {
  readonly voice: number;
  readonly screen: number;
  readonly screenAudio: number;
  readonly video: number;
}

/** How calls reach a plugin: implemented by `ws/`. Never throws; false when no connection could take the message. */
export interface PluginSender {
  send(to: { readonly groupID: string; readonly connID: string }, message: ServerMessage): boolean;
}

/** What the shells may ask of the calls. Implemented by `call/registry.ts`. */
export interface CallService {
  /** Takes one message of a plugin connection, in order. Never throws: a bad message ends at most its own session. */
  handle(event: PluginEvent): void;
  /** Sessions of one call, or the reason there are none, in rtcd's words. */
  sessionsOf(groupID: string, callID: string): SessionConfig[] | 'group not found' | 'call not found';
  counts(): CallCounts;
  /** What is sent to each client's sessions. Cheap. */
  sentKinds(): readonly SentKindRow[];
  /** Ends every session (each is told by `close`) and the media workers. */
  close(): Promise<void>;
}
