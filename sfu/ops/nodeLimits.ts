/** Settings of the node's kernel that media depends on, read from /proc/sys: with the host's network they are the host's. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Stats } from '../http/stats.ts';
import { poll } from './poll.ts';

/** What is told of the node. */
export type NodeLimits = Omit<Stats['node'], 'wantedBufferBytes'>;

/** The last look. */
export interface NodeLimitsReader {
  known(): NodeLimits;
  close(): void;
}

/** Where and how often. */
export interface NodeLimitsOptions {
  readonly log: Logger;
  /** Default `/proc/sys/net`. */
  readonly root?: string;
  /** Default 10,000: the table of connections fills and empties. */
  readonly intervalMs?: number;
}

/** Reads once before it resolves, then again and again. */
export async function createNodeLimits(options: NodeLimitsOptions): Promise<NodeLimitsReader> {
  const { log, root = '/proc/sys/net', intervalMs = 10_000 } = options;
  let peak = 0;
  let known = await read(root, peak);
  const look = async (): Promise<void> => {
    peak = known.conntrack?.peak ?? peak;
    known = await read(root, peak);
  };
  const onError = (error: unknown): void => log.warn({ err: error }, 'Cannot read settings of the node');
  return { known: () => known, close: poll(look, intervalMs, onError) };
}

async function read(root: string, peak: number): Promise<NodeLimits> {
  const textOf = (path: string): Promise<string> => readFile(join(root, path), 'utf8').catch(() => '');
  const numberOf = async (path: string): Promise<number | null> => wholeNumber(await textOf(path));
  const limit = await numberOf('netfilter/nf_conntrack_max');
  const used = (await numberOf('netfilter/nf_conntrack_count')) ?? 0;
  return {
    receiveBufferBytes: await numberOf('core/rmem_max'),
    sendBufferBytes: await numberOf('core/wmem_max'),
    ephemeralPorts: portRange(await textOf('ipv4/ip_local_port_range')),
    reservedPorts: portList(await textOf('ipv4/ip_local_reserved_ports')),
    conntrack: limit === null ? null : { limit, peak: Math.max(peak, used) },
  };
}

function wholeNumber(text: string): number | null {
  return /^\d+$/.test(text.trim()) ? Number(text) : null;
}

/** `32768\t60999`. */
export function portRange(text: string): NodeLimits['ephemeralPorts'] {
  const [first, last] = text.trim().split(/\s+/).map(wholeNumber);
  return first == null || last == null ? null : { first, last };
}

/** `8045-8048,9000`. */
export function portList(text: string): NodeLimits['reservedPorts'] {
  return text.split(',').flatMap((part) => {
    const [first, last = first] = part.trim().split('-').map(wholeNumber);
    return first == null || last == null ? [] : [{ first, last }];
  });
}
