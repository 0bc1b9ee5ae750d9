/** A server with one idle worker, to be changed by tests. */
import type { Stats } from '../../../sfu/http/stats.ts';
import type { WorkerStatus } from '../../../sfu/media/port.ts';
import { type Sights, statusOf } from '../../../sfu/ops/status.ts';

/** Nothing to do. */
export const idleWorker: WorkerStatus = {
  bound: [
    { protocol: 'udp', address: '1.2.3.4', port: 8045 },
    { protocol: 'tcp', address: '1.2.3.4', port: 8045 },
  ],
  pid: 4711,
  load: 0,
  delaySeconds: 0.002,
  cpuMs: 0,
  hasRoom: true,
  calls: 0,
  sessions: 0,
  pipes: 0,
  deaths: 0,
  trouble: undefined,
};

const noTracks = { voice: 0, screen: 0, screenAudio: 0, video: 0 };

/** Nobody is here. */
export const idle: Sights = {
  version: '0.1.0',
  counts: {
    calls: 0,
    sessions: 0,
    largestCall: 0,
    sending: { tracks: 0, lastMuteMs: null },
    sessionsByGroup: {},
    tracks: { in: noTracks, out: noTracks },
    tracksByGroup: [],
  },
  drainState: 'serving',
  addresses: { ok: true, rules: { kind: 'local' } },
  seen: undefined,
  node: {
    receiveBufferBytes: 212_992,
    sendBufferBytes: 212_992,
    ephemeralPorts: { first: 32_768, last: 60_999 },
    reservedPorts: [],
    conntrack: null,
  },
  workers: [idleWorker],
  egressBitsPerSecond: 0,
  mediaPaths: { opened: 0, failed: 0 },
  trouble: undefined,
  cores: 8,
  maxSessions: 0,
};

/** What such a server says. */
export function statsOf(change: Partial<Sights> = {}): Stats {
  return statusOf({ ...idle, ...change }).stats;
}
