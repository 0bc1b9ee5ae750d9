/** What we offer of what the media workers can do: few extensions, and never one that costs more than it gives. */
import { onlyCodecs } from './codecs.ts';
import type { Codec, Extension, KindProfile, MediaProfile } from './model.ts';

/** Capabilities of a mediasoup router, as far as they matter here. */
export interface RouterCapabilities {
  readonly codecs?: readonly {
    readonly kind: 'audio' | 'video';
    readonly mimeType: string;
    readonly preferredPayloadType?: number;
    readonly clockRate: number;
    readonly channels?: number;
    readonly parameters?: Readonly<Record<string, unknown>>;
    readonly rtcpFeedback?: readonly { readonly type: string; readonly parameter?: string }[];
  }[];
  readonly headerExtensions?: readonly {
    readonly kind: 'audio' | 'video';
    readonly uri: string;
    readonly preferredId: number;
  }[];
}

/**
 * Extensions by kind; the ids are the router's own. Absent on purpose:
 * `abs-capture-time`, which Chromium negotiates but does not send, whereupon the
 * worker never switches simulcast layers; transport-wide feedback on audio, which
 * would have every client report on every packet of every voice; `abs-send-time`,
 * which every client replaces by transport-wide feedback; and `video-orientation`,
 * without which a sender turns its pictures itself, as it does for rtcd.
 */
const uri = {
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  audioLevel: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  rid: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  repairedRid: 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  transportCc: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  dependency: 'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
} as const;

/** What a client may send, by kind: our seed teaches it these ids. */
const takenURIs = {
  audio: [uri.mid, uri.audioLevel],
  video: [uri.mid, uri.rid, uri.repairedRid, uri.transportCc, uri.dependency],
} as const;

/** What our own tracks carry. */
const sentURIs: readonly string[] = [uri.mid, uri.audioLevel, uri.transportCc];

/** Whether a track of ours carries the extension. */
export function isSent(kind: 'audio' | 'video', extension: string): boolean {
  return (takenURIs[kind] as readonly string[]).includes(extension) && sentURIs.includes(extension);
}

/** What a line carries of these extensions: layers only where there are some, the descriptor of AV1 only with AV1. */
export function usedExtensions(
  extensions: readonly Extension[],
  line: { readonly isSimulcast: boolean; readonly isAv1: boolean },
): Extension[] {
  const unused: readonly string[] = [
    ...(line.isSimulcast ? [] : [uri.rid, uri.repairedRid]),
    ...(line.isAv1 ? [] : [uri.dependency]),
  ];
  return extensions.filter((extension) => !unused.includes(extension.uri));
}

/** The media of a line of ours with a track of this codec: nothing else, so that answers stay small. */
export function trackMedia(media: KindProfile, kind: 'audio' | 'video', codec: string): KindProfile {
  return {
    codecs: onlyCodecs(media.codecs, [codec]),
    extensions: media.extensions.filter((extension) => isSent(kind, extension.uri)),
  };
}

/** The profile of a router. */
export function profileOf(capabilities: RouterCapabilities): MediaProfile {
  return {
    audio: { codecs: codecsOf(capabilities, 'audio'), extensions: extensionsOf(capabilities, 'audio') },
    video: { codecs: codecsOf(capabilities, 'video'), extensions: extensionsOf(capabilities, 'video') },
  };
}

function codecsOf(capabilities: RouterCapabilities, kind: 'audio' | 'video'): Codec[] {
  const codecs = (capabilities.codecs ?? []).filter((codec) => codec.kind === kind);
  return codecs.map((codec) => ({
    payloadType: codec.preferredPayloadType ?? 0,
    name: codec.mimeType.slice(kind.length + 1).toLowerCase(),
    clockRate: codec.clockRate,
    channels: codec.channels ?? 1,
    parameters: (codec.parameters ?? {}) as Codec['parameters'],
    feedback: feedbackOf(kind, codec.rtcpFeedback ?? []),
  }));
}

/**
 * Audio is neither repeated nor reported per packet: late speech is worse than
 * lost speech. Video is reported per packet (`transport-cc`), so nobody need say
 * what rate it estimates (`goog-remb`).
 */
function feedbackOf(
  kind: 'audio' | 'video',
  feedback: readonly { readonly type: string; readonly parameter?: string }[],
): Codec['feedback'] {
  if (kind === 'audio') return [];
  return feedback
    .filter(({ type }) => type !== 'goog-remb')
    .map(({ type, parameter }) => ({ type, parameter: parameter ?? '' }));
}

function extensionsOf(capabilities: RouterCapabilities, kind: 'audio' | 'video'): Extension[] {
  const wanted: readonly string[] = takenURIs[kind];
  return (capabilities.headerExtensions ?? [])
    .filter((extension) => extension.kind === kind && wanted.includes(extension.uri))
    .map(({ preferredId, uri }) => ({ id: preferredId, uri }));
}
