/** How late the event loop is: sampled often while somebody is served, rarely while nobody is. */
import { type ELDHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** Between two samples, in milliseconds. Each wakes the process: a server without calls would do little else. */
export const sampleMs = { serving: 50, idle: 500 } as const;

/** Pure: of an interval between two samples, what the loop is to blame for, in seconds. An idle loop has none. */
export function delaySeconds(intervalNs: number, betweenMs: number): number {
  return Math.max(0, intervalNs / 1e9 - betweenMs / 1000);
}

/** Measures from its creation until `stop`. */
export class EventLoopMonitor {
  #betweenMs: number = sampleMs.idle;
  #samples: ELDHistogram = begin(sampleMs.idle);
  /** Of what was sampled at another pace since the last question. */
  #before = 0;

  /** Changes the pace. What was sampled so far still counts. */
  watch(isServing: boolean): void {
    const betweenMs = isServing ? sampleMs.serving : sampleMs.idle;
    if (betweenMs === this.#betweenMs) return;
    this.#before = this.#p99();
    this.#samples.disable();
    this.#betweenMs = betweenMs;
    this.#samples = begin(betweenMs);
  }

  /** 99th percentile in seconds since it was last asked; the higher of two where the pace changed. */
  takeSeconds(): number {
    const p99Seconds = this.#p99();
    this.#before = 0;
    this.#samples.reset();
    return p99Seconds;
  }

  stop(): void {
    this.#samples.disable();
  }

  #p99(): number {
    return Math.max(this.#before, delaySeconds(this.#samples.percentile(99), this.#betweenMs));
  }
}

function begin(resolution: number): ELDHistogram {
  const samples = monitorEventLoopDelay({ resolution });
  samples.enable();
  return samples;
}
