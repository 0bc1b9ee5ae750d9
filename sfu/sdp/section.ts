/**
 * Media sections as text. What a section says of its codecs and its track never
 * changes while the track lives, so it is written once and kept (`SectionBody`);
 * descriptions are put together from kept bodies.
 */
import { codecLines } from './codecs.ts';
import type { Direction, KindProfile, TransportDescription } from './model.ts';

/** The part of a media section that stays the same from description to description. */
export interface SectionBody {
  /** Payload types on the m-line. */
  readonly formats: string;
  /** Attribute lines, each with its line end. */
  readonly attributes: string;
}

/** A track towards the peer, as `a=msid` and `a=ssrc` say it. */
export interface SectionTrack {
  /** First token of `a=msid`: the sender's session ID, also its CNAME. */
  readonly streamID: string;
  /** Second token of `a=msid`. */
  readonly trackID: string;
  /** Lower case; on a line that could carry several, the one that it does carry. */
  readonly codec: string;
  readonly ssrc: number;
  /** Of its retransmissions (RFC 4588 8.3). */
  readonly rtxSsrc?: number;
}

/** One m-line of a description of ours. */
export interface Section {
  readonly kind: 'application' | 'audio' | 'video';
  readonly mid: string;
  readonly isRejected: boolean;
  readonly direction: Direction;
  readonly body: SectionBody;
}

/** The line end of SDP (RFC 8866 5). */
export const eol = '\r\n';

/**
 * The body of an audio or video section. `rids` are the layers that the peer sends
 * on it: without them in each offer of ours too, the peer would send one layer only.
 */
export function mediaBody(
  media: KindProfile,
  track: SectionTrack | null,
  rids: readonly string[] = [],
): SectionBody {
  const lines = [
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...media.codecs.flatMap(codecLines),
    ...media.extensions.map(({ id, uri }) => `a=extmap:${id} ${uri}`),
    ...rids.map((rid) => `a=rid:${rid} recv`),
    ...(rids.length === 0 ? [] : [`a=simulcast:recv ${rids.join(';')}`]),
    ...(track === null ? [] : trackLines(track)),
  ];
  return {
    formats: media.codecs.map((codec) => codec.payloadType).join(' '),
    attributes: lines.map((line) => line + eol).join(''),
  };
}

/** The body of the data channel's section (RFC 8841). */
export function dataBody(transport: TransportDescription): SectionBody {
  const lines = ['a=sctp-port:5000', `a=max-message-size:${transport.maxMessageSize}`];
  return { formats: 'webrtc-datachannel', attributes: lines.map((line) => line + eol).join('') };
}

/** The text of a section. `setup` is the DTLS role that the description claims. */
export function sectionText(section: Section, setup: 'actpass' | 'passive'): string {
  const { kind, mid, body } = section;
  const protocol = kind === 'application' ? 'UDP/DTLS/SCTP' : 'UDP/TLS/RTP/SAVPF';
  const port = section.isRejected ? 0 : 9;
  const head = `m=${kind} ${port} ${protocol} ${body.formats}${eol}c=IN IP4 0.0.0.0${eol}a=mid:${mid}${eol}`;
  if (section.isRejected) return `${head}a=inactive${eol}`;
  const direction = kind === 'application' ? '' : `a=${section.direction}${eol}`;
  return `${head}a=setup:${setup}${eol}${direction}${body.attributes}`;
}

function trackLines({ streamID, trackID, ssrc, rtxSsrc }: SectionTrack): string[] {
  const ssrcs = rtxSsrc === undefined ? [ssrc] : [ssrc, rtxSsrc];
  return [
    `a=msid:${streamID} ${trackID}`,
    ...(rtxSsrc === undefined ? [] : [`a=ssrc-group:FID ${ssrc} ${rtxSsrc}`]),
    ...ssrcs.flatMap((one) => [
      `a=ssrc:${one} cname:${streamID}`,
      `a=ssrc:${one} msid:${streamID} ${trackID}`,
    ]),
  ];
}
