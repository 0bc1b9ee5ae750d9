/** SDP text → plain data (RFC 8866, RFC 8829). Reads what a call needs and passes over the rest. */
import { type Attributes, readAttributes } from './attributes.ts';
import type { Direction, Extension, Fingerprint } from './model.ts';
import type { Codec } from './model.ts';
import { readCodecs } from './codecs.ts';

/** A peer's offer or answer. */
export interface RemoteDescription {
  readonly fingerprints: readonly Fingerprint[];
  /** `a=setup`: who opens DTLS; absent = not said. */
  readonly setup: string | undefined;
  /** Of the first section that has them; every section of a bundle has the same (RFC 9143 7.1.4). */
  readonly ice: IceCredentials | undefined;
  readonly sections: readonly RemoteSection[];
}

/** `a=ice-ufrag` and `a=ice-pwd` (RFC 8839 5.4). */
export interface IceCredentials {
  readonly ufrag: string;
  readonly pwd: string;
}

/** One m-line of a peer. */
export interface RemoteSection {
  readonly mid: string;
  readonly kind: 'application' | 'audio' | 'video';
  /** Port 0 outside a bundle: the line is off for good. */
  readonly isRejected: boolean;
  readonly direction: Direction;
  readonly codecs: readonly Codec[];
  readonly extensions: readonly Extension[];
  /** First token of `a=msid`; undefined when there is none or it is `-`: then no track is behind the line. */
  readonly streamID: string | undefined;
  /** The RTP streams in order, each with the one that repeats it. */
  readonly streams: readonly { readonly ssrc: number; readonly rtxSsrc?: number }[];
  /** Names of the layers that the peer sends (simulcast, RFC 8851), lowest first as every client of Calls lists them. */
  readonly rids: readonly string[];
}

/** What was understood, or why nothing was. */
export type Parsed =
  | { readonly ok: true; readonly description: RemoteDescription }
  | { readonly ok: false; readonly reason: string };

/** More lines than any client of a call has. */
const maxSections = 1000;

/** Reads an offer or answer. */
export function parseSdp(sdp: string): Parsed {
  const [session = '', ...media] = sdp.split(/\r?\n(?=m=)/);
  if (!session.startsWith('v=0')) return { ok: false, reason: 'SDP does not start with v=0' };
  if (media.length > maxSections) return { ok: false, reason: `SDP has ${media.length} media sections` };
  const blocks = media.map((text) => ({
    head: text.slice(2).split(/\r?\n/, 1)[0] ?? '',
    of: readAttributes(text),
  }));
  const sections: RemoteSection[] = [];
  for (const [index, block] of blocks.entries()) {
    const section = readSection(block.head, block.of);
    if (typeof section === 'string') return { ok: false, reason: `m-line ${index}: ${section}` };
    sections.push(section);
  }
  const twice = duplicateOf(sections.map((section) => section.mid));
  if (twice !== undefined) return { ok: false, reason: `mid ${twice} stands on two m-lines` };
  const all = [readAttributes(session), ...blocks.map((block) => block.of)];
  return {
    ok: true,
    description: {
      fingerprints: readFingerprints(all),
      setup: firstOf(all, 'setup'),
      ice: readIce(all),
      sections,
    },
  };
}

/** Everything that follows goes by mid (RFC 8843 7.1: unique). */
function duplicateOf(mids: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return mids.find((mid) => seen.size === seen.add(mid).size);
}

function readSection(head: string, attributes: Attributes): RemoteSection | string {
  const [kind, port, , ...formats] = head.split(' ');
  if (kind !== 'application' && kind !== 'audio' && kind !== 'video') return `unknown media ${String(kind)}`;
  const [mid] = attributes('mid');
  if (mid === undefined || !/^[\w!#$%&'*+.^`{|}~-]{1,64}$/.test(mid)) return 'no usable mid';
  const codecs = readCodecs(formats, attributes);
  return {
    mid,
    kind,
    isRejected: port === '0' && attributes('bundle-only').length === 0,
    direction: readDirection(attributes),
    codecs,
    extensions: readExtensions(attributes),
    streamID: readStreamID(attributes),
    streams: readStreams(attributes),
    rids: readSentRids(attributes),
  };
}

function readDirection(attributes: Attributes): Direction {
  const directions = ['sendonly', 'recvonly', 'inactive'] as const;
  return directions.find((direction) => attributes(direction).length > 0) ?? 'sendrecv';
}

function readExtensions(attributes: Attributes): Extension[] {
  return attributes('extmap').flatMap((value) => {
    const match = /^(\d+)(?:\/\w+)? (\S+)/.exec(value);
    return match?.[2] === undefined ? [] : [{ id: Number(match[1]), uri: match[2] }];
  });
}

function readStreamID(attributes: Attributes): string | undefined {
  const [msid] = attributes('msid');
  const fromSource = attributes('ssrc').map((value) => / msid:(\S+)/.exec(value)?.[1]);
  const streamID = msid?.split(' ', 1)[0] ?? fromSource.find((id) => id !== undefined);
  return streamID === '-' || streamID === '' ? undefined : streamID;
}

function readStreams(attributes: Attributes): RemoteSection['streams'] {
  const pairs = attributes('ssrc-group').flatMap((value) => {
    const [semantics, ssrc, rtxSsrc] = value.split(' ');
    return semantics === 'FID' ? [[Number(ssrc), Number(rtxSsrc)] as const] : [];
  });
  const rtxOf = new Map(pairs);
  const repeats = new Set(rtxOf.values());
  const all = new Set(attributes('ssrc').map((value) => Number.parseInt(value, 10)));
  return [...all]
    .filter((ssrc) => isSsrc(ssrc) && !repeats.has(ssrc))
    .map((ssrc) => {
      const rtxSsrc = rtxOf.get(ssrc);
      return rtxSsrc === undefined || !isSsrc(rtxSsrc) ? { ssrc } : { ssrc, rtxSsrc };
    });
}

function readSentRids(attributes: Attributes): string[] {
  return attributes('rid').flatMap((value) => /^([\w-]{1,255}) send\b/.exec(value)?.[1] ?? []);
}

function isSsrc(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value < 2 ** 32;
}

function readFingerprints(all: readonly Attributes[]): Fingerprint[] {
  const lines = new Set(all.flatMap((attributes) => attributes('fingerprint')));
  return [...lines].flatMap((line) => {
    const match = /^(\S+) ([0-9a-f]{2}(?::[0-9a-f]{2})+)$/i.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) return [];
    return [{ algorithm: match[1].toLowerCase(), value: match[2].toUpperCase() }];
  });
}

function readIce(all: readonly Attributes[]): IceCredentials | undefined {
  const [ufrag, pwd] = [firstOf(all, 'ice-ufrag'), firstOf(all, 'ice-pwd')];
  return ufrag === undefined || pwd === undefined ? undefined : { ufrag, pwd };
}

function firstOf(all: readonly Attributes[], name: string): string | undefined {
  return all.flatMap((attributes) => attributes(name))[0];
}
