/** The lines of a client's description, as a test writes them. */
import type { Line } from '../../../../sfu/call/state.ts';
import type { IceCredentials } from '../../../../sfu/sdp/parse.ts';

/** A line of a client's offer. */
export interface OfferedLine {
  readonly mid: string;
  readonly kind?: 'audio' | 'video';
  readonly direction?: string;
  readonly isRejected?: boolean;
  /** With a track: its SSRC. */
  readonly ssrc?: number;
  /** First token of msid; default `stream` with a track. */
  readonly stream?: string;
  readonly audioLevelID?: number;
  /** Default: VP8. */
  readonly codec?: 'AV1';
  /** With a track in layers: their names. */
  readonly rids?: readonly string[];
}

/** A line as the client that knows it would offer it again. */
export function lineAsItIs({ mid, kind, isRejected, incoming, outgoing }: Line): OfferedLine {
  const direction = outgoing === null ? 'inactive' : 'recvonly';
  const line = { mid, kind: kind === 'video' ? ('video' as const) : ('audio' as const), isRejected };
  if (incoming === null) return { ...line, direction };
  const encoding = incoming.encodings[0];
  return {
    ...line,
    direction: outgoing === null ? 'sendonly' : 'sendrecv',
    stream: incoming.streamID,
    ...(incoming.codec === 'av1' ? { codec: 'AV1' as const } : {}),
    ...(encoding !== undefined && 'ssrc' in encoding
      ? { ssrc: encoding.ssrc }
      : { rids: incoming.encodings.flatMap((one) => ('rid' in one ? one.rid : [])) }),
  };
}

/** A description with these lines after the data channel. */
export function descriptionText(
  lines: readonly OfferedLine[],
  credentials: IceCredentials | undefined,
): string {
  return [
    'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 AB:CD\r\n',
    credentials === undefined ? '' : iceText(credentials),
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=setup:actpass\r\na=mid:0\r\n',
    ...lines.map(lineText),
  ].join('');
}

function iceText({ ufrag, pwd }: IceCredentials): string {
  return `a=ice-ufrag:${ufrag}\r\na=ice-pwd:${pwd}\r\n`;
}

/** A line as SDP. */
function lineText(line: OfferedLine): string {
  const { mid, kind = 'audio', direction = 'inactive', isRejected = false } = line;
  const codec = codecOf(line);
  const lines = [
    `m=${kind} ${isRejected ? 0 : 9} UDP/TLS/RTP/SAVPF ${codec.split(' ', 1)[0] ?? ''}`,
    `a=mid:${mid}`,
    `a=${direction}`,
    `a=rtpmap:${codec}`,
    `a=extmap:${line.audioLevelID ?? 6} urn:ietf:params:rtp-hdrext:ssrc-audio-level`,
    ...trackText(line),
  ];
  return lines.map((text) => `${text}\r\n`).join('');
}

function codecOf({ kind, codec }: OfferedLine): string {
  if (kind !== 'video') return '111 opus/48000/2';
  return codec === 'AV1' ? '45 AV1/90000' : '96 VP8/90000';
}

function trackText({ ssrc, rids = [], stream = 'stream' }: OfferedLine): string[] {
  if (ssrc !== undefined) return [`a=msid:${stream} track`, `a=ssrc:${ssrc} cname:c`];
  return rids.length === 0 ? [] : [`a=msid:${stream} track`, ...rids.map((rid) => `a=rid:${rid} send`)];
}
