/** Measures the CPU of the media workers from outside, so that a busy worker need not answer. */
import { childUse, type ProcessUse } from './processes.ts';

/** A measurement that refreshes itself. */
export interface CpuMeter {
  /** Cores in use by the media workers over the last interval; 0 before the first. */
  busyCores(): number;
  /** Calls more than when the two last measurements were taken: their cost is not measured yet. */
  newCalls(): number;
  close(): void;
}

/** Processes at one moment of the monotonic clock. */
export interface CpuSample {
  readonly atMs: number;
  readonly uses: ReadonlyMap<string, Pick<ProcessUse, 'cpuMs'>>;
}

/** Samples every `intervalMs` (default 2,000). `calls` is the number of calls at this moment. */
export function createCpuMeter(options: {
  readonly calls: () => number;
  readonly intervalMs?: number;
}): CpuMeter {
  const { calls, intervalMs = 2_000 } = options;
  const sample = (): CpuSample => ({ atMs: performance.now(), uses: childUse() });
  let last = sample();
  let busy = 0;
  let settled: readonly number[] = [0, 0];
  const timer = setInterval(() => {
    const next = sample();
    busy = busyBetween(last, next);
    last = next;
    settled = [...settled.slice(1), calls()];
  }, intervalMs).unref();
  return {
    busyCores: () => busy,
    newCalls: () => Math.max(0, calls() - Math.min(...settled)),
    close: () => clearInterval(timer),
  };
}

/** Cores used on average between two samples. A process that has just begun counts from its start. */
export function busyBetween(before: CpuSample, after: CpuSample): number {
  let usedMs = 0;
  for (const [pid, { cpuMs }] of after.uses)
    usedMs += Math.max(0, cpuMs - (before.uses.get(pid)?.cpuMs ?? 0));
  return usedMs / Math.max(1, after.atMs - before.atMs);
}
