/** Pure: our words for RTP ↔ mediasoup's. */
import type {
  RtpCapabilities,
  RtpEncodingParameters,
  RtpHeaderExtensionUri,
  RtpParameters,
} from 'mediasoup/types';

import { isSent } from '../sdp/profile.ts';
import type { Encoding, SendParameters } from './port.ts';

/** A router's codecs: the payload types of every offer of ours. */
export const routerCodecs = [
  {
    kind: 'audio' as const,
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    preferredPayloadType: 111,
    parameters: { minptime: 10, useinbandfec: 1 },
  },
  { kind: 'video' as const, mimeType: 'video/VP8', clockRate: 90_000, preferredPayloadType: 96 },
  { kind: 'video' as const, mimeType: 'video/AV1', clockRate: 90_000, preferredPayloadType: 45 },
];

/** What a peer sends, for `transport.produce`. */
export function rtpParameters(kind: 'audio' | 'video', mid: string, rtp: SendParameters): RtpParameters {
  return {
    mid,
    codecs: rtp.codecs.map((codec) => ({
      mimeType: `${kind}/${codec.name}`,
      payloadType: codec.payloadType,
      clockRate: codec.clockRate,
      ...(kind === 'audio' ? { channels: codec.channels } : {}),
      parameters: codec.parameters,
      rtcpFeedback: codec.feedback.map((feedback) => ({ ...feedback })),
    })),
    headerExtensions: rtp.extensions.map(({ id, uri }) => ({ id, uri: uri as RtpHeaderExtensionUri })),
    encodings: rtp.encodings.map(rtpEncoding),
    rtcp: { cname: rtp.cname, reducedSize: true },
  };
}

/**
 * A browser that sends in layers of quality may split each in layers of time, and
 * SDP does not tell; the worker drops those that it was not told of, and misses none.
 */
function rtpEncoding(encoding: Encoding): RtpEncodingParameters {
  if ('rid' in encoding) return { rid: encoding.rid, scalabilityMode: 'L1T3' };
  const { ssrc, rtxSsrc } = encoding;
  return rtxSsrc === undefined ? { ssrc } : { ssrc, rtx: { ssrc: rtxSsrc } };
}

/** What a peer takes, for `transport.consume`: of what we offered it that of one kind, with or without header extensions. */
export function receiveCapabilities(
  router: RtpCapabilities,
  kind: 'audio' | 'video',
  withExtensions: boolean,
): RtpCapabilities {
  const codecs = (router.codecs ?? []).filter((codec) => codec.kind === kind);
  const extensions = (router.headerExtensions ?? []).filter((extension) => extension.kind === kind);
  return {
    codecs: kind === 'audio' ? codecs.map((codec) => ({ ...codec, rtcpFeedback: [] })) : codecs,
    headerExtensions: withExtensions ? extensions.filter(({ uri }) => isSent(kind, uri)) : [],
  };
}
