/** Pure: one look at the server, which `/system`, `/stats`, `/metrics` and the probes are answered from. */
import type { CallCounts } from '../call/service.ts';
import type { KnownAddresses } from '../config/addresses.ts';
import type { Stats } from '../http/stats.ts';
import type { Status } from '../http/status.ts';
import type { WorkerStatus } from '../media/port.ts';
import { socketBufferBytes } from '../media/sockets.ts';
import { advertise, type BoundAddress } from '../sdp/candidates.ts';
import type { DrainState } from './drain.ts';
import type { NodeLimits } from './nodeLimits.ts';
import { cpuLoad, isFull, loadShare, workerCores } from './load.ts';

/** What is there to see. */
export interface Sights {
  readonly version: string;
  readonly counts: CallCounts;
  readonly drainState: DrainState;
  readonly addresses: KnownAddresses;
  /** Local → public address, as STUN servers saw it; undefined while none was asked. */
  readonly seen: ReadonlyMap<string, string> | undefined;
  readonly node: NodeLimits;
  readonly workers: readonly WorkerStatus[];
  readonly egressBitsPerSecond: number;
  readonly mediaPaths: Stats['mediaPaths'];
  /** Why media cannot be served at all, else undefined. */
  readonly trouble: string | undefined;
  /** Cores of the machine. */
  readonly cores: number;
  /** 0 = none. */
  readonly maxSessions: number;
}

/** Sees. */
export function statusOf(sights: Sights): Status {
  const { counts, addresses: known, trouble } = sights;
  const isDraining = sights.drainState !== 'serving';
  const bound = sights.workers.flatMap((worker) => worker.bound);
  const load = { ...sights, sessions: counts.sessions, isDraining };
  return {
    cpuLoad: cpuLoad(load),
    stats: {
      version: sights.version,
      calls: counts.calls,
      sessions: counts.sessions,
      largestCall: counts.largestCall,
      sending: counts.sending,
      egressBitsPerSecond: sights.egressBitsPerSecond,
      mediaPaths: sights.mediaPaths,
      tracks: counts.tracks,
      demand: demandOf(counts),
      load: loadShare(load),
      capacity: {
        cores: workerCores(load),
        sessions: sights.maxSessions === 0 ? null : sights.maxSessions,
      },
      full: isFull(load),
      draining: isDraining,
      addresses: known.ok ? advertised(bound, known.rules) : [],
      mediaPorts: { udp: portsOf(bound, 'udp'), tcp: portsOf(bound, 'tcp') },
      publicAddresses: sights.seen ? [...sights.seen].map(([local, address]) => ({ local, address })) : null,
      node: { wantedBufferBytes: socketBufferBytes, ...sights.node },
      workers: sights.workers.map(workerStats),
    },
    deadReason: trouble,
    waitingFor: waitingFor(sights.drainState, known),
  };
}

/** A drain that can be taken back leaves a pod in DNS to the operator; a process that ends is for nobody new. */
function waitingFor(state: DrainState, known: KnownAddresses): string | undefined {
  if (state === 'terminating') return 'the server is terminating: it ends with its last session';
  return known.ok ? undefined : known.reason;
}

function demandOf({ sessions, tracks }: CallCounts): Stats['demand'] {
  return {
    sessions,
    audioIn: tracks.in.voice + tracks.in.screenAudio,
    videoIn: tracks.in.screen + tracks.in.video,
    audioOut: tracks.out.voice + tracks.out.screenAudio,
    videoOut: tracks.out.screen + tracks.out.video,
  };
}

function workerStats(worker: WorkerStatus): Stats['workers'][number] {
  const { load, hasRoom, calls, sessions, pipes, deaths, trouble } = worker;
  return { load, hasRoom, calls, sessions, pipes, deaths, trouble: trouble ?? null };
}

function portsOf(bound: readonly BoundAddress[], protocol: 'udp' | 'tcp'): Stats['mediaPorts']['udp'] {
  const ports = bound.filter((one) => one.protocol === protocol).map(({ port }) => port);
  return ports.length === 0 ? null : { first: Math.min(...ports), last: Math.max(...ports) };
}

function advertised(bound: readonly BoundAddress[], rules: Parameters<typeof advertise>[1]): string[] {
  const texts = advertise(bound, rules).map(({ address, port }) =>
    address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
  );
  return [...new Set(texts)];
}
