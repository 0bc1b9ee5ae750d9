/** What we offer of what the media workers can do: few extensions, and never one that costs more than it gives. */
import type { Codec, Extension, MediaProfile } from './model.ts';

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
 * worker never switches simulcast layers; and transport-wide feedback on audio,
 * which would have every client report on every packet of every voice.
 */
export const extensionURIs = {
  audio: ['urn:ietf:params:rtp-hdrext:sdes:mid', 'urn:ietf:params:rtp-hdrext:ssrc-audio-level'],
  video: [
    'urn:ietf:params:rtp-hdrext:sdes:mid',
    'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
    'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
    'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
    'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
    'urn:3gpp:video-orientation',
  ],
} as const;

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

/** Audio is neither repeated nor reported per packet: late speech is worse than lost speech. */
function feedbackOf(
  kind: 'audio' | 'video',
  feedback: readonly { readonly type: string; readonly parameter?: string }[],
): Codec['feedback'] {
  if (kind === 'audio') return [];
  return feedback.map(({ type, parameter }) => ({ type, parameter: parameter ?? '' }));
}

function extensionsOf(capabilities: RouterCapabilities, kind: 'audio' | 'video'): Extension[] {
  const wanted: readonly string[] = extensionURIs[kind];
  return (capabilities.headerExtensions ?? [])
    .filter((extension) => extension.kind === kind && wanted.includes(extension.uri))
    .map(({ preferredId, uri }) => ({ id: preferredId, uri }));
}
