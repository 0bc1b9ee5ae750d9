/** One look at the server: what `/system`, `/stats`, `/metrics` and the probes are answered from. */
import type { CallService } from '../call/service.ts';
import type { KnownAddresses } from '../config/addresses.ts';
import type { Status } from '../http/status.ts';
import { advertise, type BoundAddress } from '../sdp/candidates.ts';
import type { CpuMeter } from './cpu.ts';
import type { Drain } from './drain.ts';
import { busyCores, cpuLoad } from './load.ts';

/** Where a look takes its facts from. */
export interface StatusSources {
  readonly calls: Pick<CallService, 'counts'>;
  readonly meter: Pick<CpuMeter, 'busyCores' | 'newCalls'>;
  readonly drain: Pick<Drain, 'state' | 'isDraining'>;
  readonly addresses: () => KnownAddresses;
  readonly media: { readonly bound: readonly BoundAddress[]; trouble(): string | undefined };
  /** Cores that the media workers may use. */
  readonly cores: number;
  /** 0 = none. */
  readonly maxSessions: number;
}

/** Looks now. */
export function lookAt(sources: StatusSources): Status {
  const counts = sources.calls.counts();
  const known = sources.addresses();
  const load = {
    busyCores: sources.meter.busyCores(),
    newCalls: sources.meter.newCalls(),
    cores: sources.cores,
    sessions: counts.sessions,
    maxSessions: sources.maxSessions,
    isDraining: sources.drain.isDraining,
  };
  return {
    cpuLoad: cpuLoad(load),
    load: busyCores(load) / sources.cores,
    capacity: { cores: sources.cores, sessions: sources.maxSessions === 0 ? null : sources.maxSessions },
    counts,
    isDraining: sources.drain.isDraining,
    addresses: known.ok ? advertised(sources.media.bound, known.rules) : [],
    deadReason: sources.media.trouble(),
    waitingFor: waitingFor(sources.drain, known),
  };
}

/** A drain that can be taken back leaves a pod in DNS to the operator; a process that ends is for nobody new. */
function waitingFor({ state }: StatusSources['drain'], known: KnownAddresses): string | undefined {
  if (state === 'terminating') return 'the server is terminating: it ends with its last session';
  return known.ok ? undefined : known.reason;
}

function advertised(bound: readonly BoundAddress[], rules: Parameters<typeof advertise>[1]): string[] {
  const texts = advertise(bound, rules).map(({ address, port }) =>
    address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
  );
  return [...new Set(texts)];
}
