/** What `POST /probe` takes and answers: the operator reads the same words. */
import { isIP } from 'node:net';
import * as z from 'zod';
import { parseListenAddress } from '../config/listenAddress.ts';

/** `address` or `address:port`, as on the pod: the port is the first worker's. */
const target = z
  .string()
  .max(64)
  .refine((text) => isIP(text) !== 0 || isIP(parseListenAddress(text)?.host ?? '') !== 0, 'no IP address');

/** Whom to call, and over which addresses. The admin key of both servers is the same. */
export const probeRequestSchema = z.strictObject({
  origin: z
    .url({ protocol: /^https?$/ })
    .describe('API of the server to call: http://address:port or https://address:port.'),
  names: z
    .array(z.string().max(253))
    .max(16)
    .optional()
    .describe('With https: DNS names, one of which its certificate must be for. Absent: it is not verified.'),
  ca: z.string().max(32_768).optional().describe('PEM of the authority. Absent: those that browsers trust.'),
  addresses: z.array(target).min(1).max(8).describe('Each is called over every port of the server.'),
});

/** See `probeRequestSchema`. */
export type ProbeRequest = z.infer<typeof probeRequestSchema>;

/** One way to one worker. */
export interface Path {
  /** As it was asked for. */
  readonly target: string;
  readonly address: string;
  readonly port: number;
  readonly protocol: 'udp' | 'tcp';
  readonly worker: number;
}

/** Over UDP a call: two sessions, one speaks and the other listens. Over TCP what every client does first: it joins, and checks the path. */
export type PathResult = Path &
  (
    | {
        readonly ok: true;
        /** From the join to the first packet heard; over TCP to the answer to the check. */
        readonly joinMs: number;
        /** Of the packets of one second. Of a call only. */
        readonly lossPercent?: number;
      }
    | {
        readonly ok: false;
        readonly joinMs?: number;
        readonly lossPercent?: number;
        /** What went wrong, without the path. */
        readonly message: string;
      }
  );

/** The body of the answer. */
export interface ProbeReport {
  /** Every path works. */
  readonly ok: boolean;
  /** The slowest. */
  readonly joinMs?: number;
  /** The worst. */
  readonly lossPercent?: number;
  /** What does not work, or how many paths do. */
  readonly message: string;
  readonly paths: readonly PathResult[];
}

/** The results of all paths, put together. */
export function reportOf(paths: readonly PathResult[]): ProbeReport {
  const failed = paths.flatMap((path) => (path.ok ? [] : `${nameOf(path)}: ${path.message}`));
  const joins = paths.flatMap(({ joinMs }) => joinMs ?? []);
  const losses = paths.flatMap(({ lossPercent }) => lossPercent ?? []);
  return {
    ok: failed.length === 0 && paths.length > 0,
    ...(joins.length > 0 && { joinMs: Math.max(...joins) }),
    ...(losses.length > 0 && { lossPercent: Math.max(...losses) }),
    message:
      paths.length === 0 ? 'it serves no media port' : failed.join('; ') || `${paths.length} paths work`,
    paths,
  };
}

/** As people write it in a firewall's rules. */
export function nameOf({ protocol, address, port, worker }: Path): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `${protocol.toUpperCase()} ${host}:${port} (worker ${worker})`;
}
