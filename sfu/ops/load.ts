/** Pure: the load of the workers → what `/system` and `/stats` say. */

/** A worker as far as the load is concerned. */
export interface WorkerLoad {
  /** Share of time in which it ran or waited for a core, 0 to 1, what was placed a moment ago included. */
  readonly load: number;
  readonly hasRoom: boolean;
  /** Why it is down, else undefined. */
  readonly trouble: string | undefined;
}

/** What the load is computed from. */
export interface LoadInputs {
  readonly workers: readonly WorkerLoad[];
  /** Cores of the machine: more workers than those cannot all be idle. */
  readonly cores: number;
  readonly sessions: number;
  /** 0 = none. */
  readonly maxSessions: number;
  readonly isDraining: boolean;
}

/** A core that is as good as idle never answers 1 ÷ 0. */
const leastIdleCores = 0.001;

/** What makes the plugin choose any other host. */
export const nobodyHere = 1e9;

/** Cores that the workers may use. */
export function workerCores({ workers, cores }: Pick<LoadInputs, 'workers' | 'cores'>): number {
  return Math.max(1, Math.min(workers.length, cores));
}

/** Mean load of the worker cores, 0 to 1. */
export function loadShare(inputs: LoadInputs): number {
  return Math.min(1, busyCores(inputs) / workerCores(inputs));
}

/** Nobody more should come: no worker has room, or the session limit is reached. */
export function isFull({ workers, sessions, maxSessions }: LoadInputs): boolean {
  const isLimitReached = maxSessions > 0 && sessions >= maxSessions;
  return isLimitReached || !workers.some(({ hasRoom }) => hasRoom);
}

/**
 * `cpu_load`: 1 ÷ idle worker cores. The plugin takes the host with the least; a
 * stock rtcd says 1 ÷ idle cores of its machine, so the two can stand side by side.
 * Always finite (wire spec 1.4).
 */
export function cpuLoad(inputs: LoadInputs): number {
  if (inputs.isDraining || isFull(inputs)) return nobodyHere;
  const ofWorkers = inputs.workers
    .filter(({ trouble }) => trouble === undefined)
    .reduce((sum, { load }) => sum + (1 - load), 0);
  return 1 / Math.max(leastIdleCores, Math.min(ofWorkers, workerCores(inputs) - busyCores(inputs)));
}

function busyCores({ workers }: LoadInputs): number {
  return workers.reduce((sum, { load }) => sum + load, 0);
}
