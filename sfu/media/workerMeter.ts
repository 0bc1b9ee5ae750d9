/** How loaded one worker is: measured from outside, so that a busy worker need not answer. */

/** What of the worker's process is read at a moment. */
export interface CpuReading {
  readonly pid: number;
  readonly cpuMs: number;
}

/** A measurement that is refreshed by `sample`. */
export class WorkerMeter {
  #before: { readonly reading: CpuReading | undefined; readonly atMs: number };
  #busyCores = 0;
  /** Expected for what was placed in this interval, and in the one before: its cost is not measured in full yet. */
  #fresh = 0;
  #settling = 0;

  constructor(atMs: number) {
    this.#before = { reading: undefined, atMs };
  }

  /** Cores in use over the last interval, 0 to 1, what is expected of new sessions included. */
  load(): number {
    return Math.min(1, this.#busyCores + this.#settling + this.#fresh);
  }

  /** CPU time so far at the last sample; 0 when it is not known. */
  cpuMs(): number {
    return this.#before.reading?.cpuMs ?? 0;
  }

  /** Something was placed that is expected to need `cores`: counted from now on, until it is measured. */
  expect(cores: number): void {
    this.#fresh += cores;
  }

  /** Ends an interval. Undefined: the worker is down, or this system tells nothing about processes. */
  sample(reading: CpuReading | undefined, atMs: number): void {
    const usedMs = (reading?.cpuMs ?? 0) - this.#cpuMsBefore(reading);
    this.#busyCores = Math.max(0, usedMs) / Math.max(1, atMs - this.#before.atMs);
    this.#before = { reading, atMs };
    this.#settling = this.#fresh;
    this.#fresh = 0;
  }

  /** A worker that has just begun counts from its start. */
  #cpuMsBefore(reading: CpuReading | undefined): number {
    const { reading: before } = this.#before;
    return before !== undefined && before.pid === reading?.pid ? before.cpuMs : 0;
  }
}
