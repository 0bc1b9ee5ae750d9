/** Settings of a node's kernel that media depends on, against what the SFU needs: what to set, and why. */
import type { PortUse } from './portUse.ts';

/** A range of ports, both ends in it. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** What an SFU says of the kernel under it; null: it cannot see that. */
export interface KernelSettings {
  /** What each media socket asks for, in both directions. */
  readonly wantedBufferBytes: number;
  /** net.core.rmem_max */
  readonly receiveBufferBytes: number | null;
  /** net.core.wmem_max */
  readonly sendBufferBytes: number | null;
  /** net.ipv4.ip_local_port_range */
  readonly ephemeralPorts: PortRange | null;
  /** net.ipv4.ip_local_reserved_ports */
  readonly reservedPorts: readonly PortRange[];
  /** net.netfilter.nf_conntrack_max, once the table was nearly full; null: it never was, or there is none. */
  readonly shortConntrackLimit: number | null;
}

/** One setting to change. */
export interface Untuned {
  /** `key=value`, as `sysctl -w` takes it. */
  readonly setting: string;
  /** What the present value costs. */
  readonly problem: string;
}

/** Everything about a node that should be otherwise; `ports` are those of the SFU. */
export function untuned(kernel: KernelSettings, ports: readonly PortUse[]): Untuned[] {
  const { wantedBufferBytes: wanted, receiveBufferBytes, sendBufferBytes, shortConntrackLimit } = kernel;
  return [
    ...smallBuffer('net.core.rmem_max', receiveBufferBytes, wanted),
    ...smallBuffer('net.core.wmem_max', sendBufferBytes, wanted),
    ...(shortConntrackLimit === null ? [] : [shortTable(shortConntrackLimit)]),
    ...exposedPorts(kernel, ports),
  ];
}

/** The kernel cuts what a socket asks for to this limit without a word. */
function smallBuffer(key: string, found: number | null, wanted: number): Untuned[] {
  if (found === null || found >= wanted) return [];
  const problem = `${key} is ${found} and media sockets ask for ${wanted}: bursts of packets are lost`;
  return [{ setting: `${key}=${wanted}`, problem }];
}

function shortTable(limit: number): Untuned {
  const key = 'net.netfilter.nf_conntrack_max';
  const problem = `the table of connections (${key} ${limit}) was nearly full: packets of who comes next are dropped`;
  return { setting: `${key}=${2 * limit}`, problem };
}

/** A port that an outgoing connection happens to have cannot be listened on when the SFU starts again. */
function exposedPorts(
  { ephemeralPorts, reservedPorts }: KernelSettings,
  ports: readonly PortUse[],
): Untuned[] {
  if (ephemeralPorts === null) return [];
  const isIn = (port: number, range: PortRange): boolean => port >= range.first && port <= range.last;
  const exposed = [...new Set(ports.map(({ port }) => port))]
    .filter((port) => isIn(port, ephemeralPorts) && !reservedPorts.some((range) => isIn(port, range)))
    .toSorted((a, b) => a - b);
  if (exposed.length === 0) return [];
  const all = [...reservedPorts.map(rangeText), ...exposed.map(String)].join(',');
  const problem = `ports ${exposed.join(', ')} are among those of outgoing connections (net.ipv4.ip_local_port_range ${rangeText(ephemeralPorts)}): one of them may be taken when the SFU starts again`;
  return [{ setting: `net.ipv4.ip_local_reserved_ports=${all}`, problem }];
}

function rangeText({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}
