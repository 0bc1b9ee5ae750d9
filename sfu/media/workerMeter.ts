/** How loaded one worker is: measured from outside, so that a busy worker need not answer. */

/** What a process has had of the CPU so far. */
export interface CpuUse {
  readonly cpuMs: number;
  /** Time in which it could have run, but others did; a worker that gets too little is as late as a busy one. */
  readonly waitedMs: number;
}

/** What of the worker's process is read at a moment. */
export interface CpuReading extends CpuUse {
  readonly pid: number;
}

/** What is left of an expectation after an interval: with intervals of a second it is halved in three. */
const keptExpectation = 0.8;

/** A measurement that is refreshed by `sample`. */
export class WorkerMeter {
  #before: { readonly reading: CpuReading | undefined; readonly atMs: number };
  #busyCores = 0;
  /** Of what was placed: people come in one by one, so its cost is measured in full only after a while. */
  #expectedCores = 0;

  constructor(atMs: number) {
    this.#before = { reading: undefined, atMs };
  }

  /** Share of the last interval in which it ran or waited for a core, 0 to 1, what is expected of new sessions included. */
  load(): number {
    return Math.min(1, this.#busyCores + this.#expectedCores);
  }

  /** CPU time so far at the last sample; 0 when it is not known. */
  cpuMs(): number {
    return this.#before.reading?.cpuMs ?? 0;
  }

  /** Something was placed that is expected to need `cores`: counted from now on, less and less. */
  expect(cores: number): void {
    this.#expectedCores += cores;
  }

  /** Ends an interval. Undefined: the worker is down, or this system tells nothing about processes. */
  sample(reading: CpuReading | undefined, atMs: number): void {
    const wantedMs = wanted(reading) - wanted(this.#readingBefore(reading));
    this.#busyCores = Math.max(0, wantedMs) / Math.max(1, atMs - this.#before.atMs);
    this.#before = { reading, atMs };
    this.#expectedCores *= keptExpectation;
  }

  /** A worker that has just begun counts from its start. */
  #readingBefore(reading: CpuReading | undefined): CpuReading | undefined {
    const { reading: before } = this.#before;
    return before?.pid === reading?.pid ? before : undefined;
  }
}

function wanted(use: CpuUse | undefined): number {
  return use === undefined ? 0 : use.cpuMs + use.waitedMs;
}
