/** Whom the TURN servers relay to: what the spec names and the SFU pods of the RTCClusters it refers to, as coturn's rows. */
import { createHash } from 'node:crypto';
import type { TurnServer } from '../api/turnserver.ts';
import { overlaps, parseRange, rangeText } from './ranges.ts';

/** What is known of an SFU pod; all of a cluster count, whatever their state. */
export interface PeerPod {
  /** The annotation: comma list of `address` or `address:port`, empty while unknown. */
  readonly address: string;
  /** Of the pod, which with the network of the host is the node's. */
  readonly ips: readonly string[];
}

/** An entry that cannot be a peer, and why. */
export interface RefusedPeer {
  readonly peer: string;
  readonly reason: string;
}

/** See the file comment. */
export interface Peers {
  /** One address or range per line, sorted, each once. */
  readonly lines: readonly string[];
  readonly refused: readonly RefusedPeer[];
  /** RTCClusters that are named and do not exist. */
  readonly missing: readonly string[];
}

/** The peers by the spec; `clusters` has the pods of each RTCCluster of the namespace by its name. */
export function peersOf(
  allow: TurnServer['spec']['peers']['allow'],
  clusters: ReadonlyMap<string, readonly PeerPod[]>,
): Peers {
  const named = [...new Set(allow.flatMap((entry) => entry.rtcClusters?.matchNames ?? []))];
  const pods = named.flatMap((name) => clusters.get(name) ?? []);
  const judged = [...judge(allow.flatMap((entry) => entry.cidr ?? [])), ...pods.flatMap(judgePod)];
  return {
    lines: [...new Set(judged.flatMap(({ line }) => line ?? []))].toSorted(),
    refused: [...new Map(judged.flatMap(refusal)).values()],
    missing: named.filter((name) => !clusters.has(name)),
  };
}

/** First 12 hex digits of SHA-256 over the sorted lines: what a pod has read, compared with what it should have. */
export function peersDigest(lines: readonly string[]): string {
  const text = lines.toSorted().join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

interface Judged {
  readonly peer: string;
  readonly line?: string;
  readonly reason?: string;
}

const judge = (peers: readonly string[]): Judged[] => peers.map((peer) => ({ peer, ...row(peer) }));

/** Of a pod, one address that can be a peer is enough: what the others lack is nobody's fault. */
function judgePod(pod: PeerPod): Judged[] {
  const judged = judge(addressesOf(pod));
  const good = judged.filter(({ line }) => line !== undefined);
  return good.length > 0 ? good : judged;
}

function refusal({ peer, reason }: Judged): [string, RefusedPeer][] {
  return reason === undefined ? [] : [[peer, { peer, reason }]];
}

/** Only IPv4 addresses are told with a port. */
function addressesOf({ address, ips }: PeerPod): string[] {
  const told = address.split(',').map((entry) => entry.trim().replace(/^([\d.]+):\d+$/, '$1'));
  return [...told, ...ips].filter((entry) => entry !== '');
}

const opensAll =
  'coturn takes a range that begins at 0.0.0.0 or :: as every address of both families: name the network itself';
const neverRelayed = 'loopback, link-local, multicast and reserved addresses are never relayed to';
const refusedByCoturn =
  'coturn refuses IPv6 unique local, link-local and site-local addresses whatever is allowed: use an IPv4 or a global IPv6 address';

/** Networks with no peers in them, and why. */
const closed = [
  ['0.0.0.0/8', opensAll],
  ['127.0.0.0/8', neverRelayed],
  ['169.254.0.0/16', neverRelayed],
  ['224.0.0.0/3', neverRelayed],
  ['::/16', opensAll],
  ['fc00::/7', refusedByCoturn],
  ['fe80::/9', refusedByCoturn],
  ['ff00::/8', neverRelayed],
] as const;

/** A network that only contains closed ones, such as 128.0.0.0/1, is refused with them: rows cannot be cut out of it. */
function row(peer: string): Omit<Judged, 'peer'> {
  const range = parseRange(peer);
  if (range === undefined) return { reason: 'it is neither an address nor a network in CIDR notation' };
  const hit = closed.find(([network]) => overlaps(parseRange(network), range));
  return hit === undefined ? { line: rangeText(range) } : { reason: hit[1] };
}
