/** What a page (or a bot) and this server say to each other: JSON, one object a message. */
import { z } from 'zod';
import type { IceServer } from './turn.ts';

/** Longest texts are SDP: 8 KiB of zlib as base64. */
const deflatedSdp = z.base64().max(12_000);
const sessionID = z.string().length(26);

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
  z.strictObject({ type: z.literal('leave') }),
]);

/** A checked message of a page. */
export type FromPage = z.infer<typeof fromPage>;

/** One participant as all pages see them. */
export interface Person {
  readonly sessionID: string;
  readonly name: string;
  readonly isMuted: boolean;
  readonly isSpeaking: boolean;
}

/** Where a call runs. `pod` and `node` are null where nobody can tell. */
export interface Place {
  readonly address: string;
  readonly pod: string | null;
  readonly node: string | null;
  /** Why this host was chosen for the call. */
  readonly reason: string;
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
  | { readonly type: 'people'; readonly people: readonly Person[] }
  /** JSON of an SFU's SDP or candidate, as the plugin hands it on (`custom_com.mattermost.calls_signal`). */
  | { readonly type: 'signal'; readonly data: string }
  | { readonly type: 'ended'; readonly reason: string };
