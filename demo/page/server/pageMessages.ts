/** What a page (or a bot) and this server say to each other: JSON, one object a message. */
import { z } from 'zod';
import type { IceServer } from './turn.ts';

/** Longest texts are SDP: 8 KiB of zlib as base64. */
const deflatedSdp = z.base64().max(12_000);
const sessionID = z.string().length(26);
/** `MediaStream.id`: the name under which the tracks of a picture come. */
const streamID = z.string().min(1).max(80);

/** From a page. */
export const fromPage = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('join'),
    /** The call's link name; the first who comes starts the call. */
    call: z.string().trim().min(1).max(60),
    name: z.string().trim().min(1).max(40),
    /** Whether this client signals over the data channel where it can (wire spec 3.2). Default false, as the plugin's. */
    dcSignaling: z.boolean().default(false),
  }),
  /** The page's own connection dropped and is back. */
  z.strictObject({ type: z.literal('reconnect'), sessionID }),
  /** base64 of zlib of `{"type":"offer"|"answer","sdp":…}`. */
  z.strictObject({ type: z.literal('sdp'), data: deflatedSdp }),
  /** `RTCIceCandidate.toJSON()`. */
  z.strictObject({ type: z.literal('ice'), candidate: z.record(z.string(), z.unknown()) }),
  z.strictObject({ type: z.literal('mute') }),
  z.strictObject({ type: z.literal('unmute') }),
  /** Sent before the tracks: the answer is a `people` that says so, or `denied`. */
  z.strictObject({ type: z.literal('screenOn'), streamID }),
  z.strictObject({ type: z.literal('screenOff') }),
  /** Sent after the track has been offered. */
  z.strictObject({ type: z.literal('videoOn'), streamID }),
  z.strictObject({ type: z.literal('videoOff') }),
  z.strictObject({ type: z.literal('leave') }),
]);

/** A message with the number that its page gave it, if it did: what is in a call is told that it was taken, and said again until then. */
export const numbered = z
  .looseObject({ number: z.int().positive().optional() })
  .transform(({ number, ...message }, context) => {
    const parsed = fromPage.safeParse(message);
    if (parsed.success) return { number, message: parsed.data };
    context.addIssue(z.prettifyError(parsed.error));
    return z.NEVER;
  });

/** A checked message of a page. */
export type FromPage = z.infer<typeof fromPage>;

/** One participant as all pages see them. */
export interface Person {
  readonly sessionID: string;
  readonly name: string;
  readonly isMuted: boolean;
  readonly isSpeaking: boolean;
  readonly isSharing: boolean;
  readonly hasVideo: boolean;
}

/** One host that was asked for its load when a call began. */
export interface AskedHost {
  readonly address: string;
  /** Null where nobody can tell. */
  readonly pod: string | null;
  /** 1 ÷ idle cores; null: no answer. */
  readonly cpuLoad: number | null;
}

/** Where a call runs. `pod` and `node` are null where nobody can tell. */
export interface Place {
  readonly address: string;
  readonly pod: string | null;
  readonly node: string | null;
  /** Why this host was chosen for the call. */
  readonly reason: string;
  /** Who else could have had it. */
  readonly asked: readonly AskedHost[];
}

/** To a page. */
export type ToPage =
  | {
      readonly type: 'joined';
      readonly sessionID: string;
      readonly callID: string;
      readonly call: string;
      readonly place: Place;
      /** With credentials of this session's own. */
      readonly iceServers: readonly IceServer[];
    }
  | { readonly type: 'refused'; readonly reason: string }
  /** A screen may not be shared now; the call goes on. */
  | { readonly type: 'denied'; readonly reason: string }
  /** All up to the message of that number has come. */
  | { readonly type: 'took'; readonly number: number }
  | { readonly type: 'people'; readonly people: readonly Person[] }
  /** JSON of an SFU's SDP or candidate, as the plugin hands it on (`custom_com.mattermost.calls_signal`). */
  | { readonly type: 'signal'; readonly data: string }
  | { readonly type: 'ended'; readonly reason: string };
