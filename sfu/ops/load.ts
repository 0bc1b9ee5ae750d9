/** Pure: measured CPU and known calls → what `/system` and `/stats` say. */

/** What the load is computed from. */
export interface LoadInputs {
  /** Cores in use by the media workers over the last interval. */
  readonly busyCores: number;
  /** Cores the workers may use at most. */
  readonly cores: number;
  /** Calls that are younger than one measuring interval, so that their cost is not yet in `busyCores`. */
  readonly newCalls: number;
  readonly sessions: number;
  /** 0 = none. */
  readonly maxSessions: number;
  readonly isDraining: boolean;
}

/** Cores that a fresh call is expected to need: ten people with two open microphones [estimated from the cost per packet]. */
const coresPerNewCall = 0.05;

/** A core that is as good as idle never answers 1 ÷ 0. */
const leastIdleCores = 0.001;

/** What makes the plugin choose any other host. */
export const nobodyHere = 1e9;

/** Cores in use, calls that have just come included. */
export function busyCores(inputs: LoadInputs): number {
  return Math.min(inputs.cores, inputs.busyCores + inputs.newCalls * coresPerNewCall);
}

/**
 * `cpu_load`: 1 ÷ idle worker cores. The plugin takes the host with the least; a
 * stock rtcd says 1 ÷ idle cores of its machine, so the two can stand side by side.
 * Always finite (wire spec 1.4).
 */
export function cpuLoad(inputs: LoadInputs): number {
  const isFull = inputs.maxSessions > 0 && inputs.sessions >= inputs.maxSessions;
  if (inputs.isDraining || isFull) return nobodyHere;
  return 1 / Math.max(leastIdleCores, inputs.cores - busyCores(inputs));
}
