/** A worker as a place for calls: how loaded it is, and who must be told when it dies. */
import type { Logger } from 'pino';

import type { BoundAddress } from '../sdp/candidates.ts';
import { DelayProbe } from './delayProbe.ts';
import { keepWorker, type KeptWorker } from './keptWorker.ts';
import type { WorkerStatus } from './port.ts';
import { admissionLimit, hasRoom } from './placement.ts';
import { type CpuReading, type CpuUse, WorkerMeter } from './workerMeter.ts';

/** What a call has on a worker. */
export interface Tenant {
  /** Is told of a death like any other, but counts for nothing. */
  readonly isProbe: boolean;
  sessions(): number;
  /** Tracks that come from other workers. */
  pipes(): number;
  /** The worker died. */
  lost(reason: string): void;
}

/** What a place is made of. */
export interface PlaceOptions {
  readonly index: number;
  readonly workerBin: string;
  readonly bound: readonly BoundAddress[];
  /** Undefined when there is no such process, or the system does not tell. */
  readonly cpuUseOf: (pid: number) => CpuUse | undefined;
  readonly log: Logger;
}

/** One worker with its tenants. */
export class Place {
  readonly worker: KeptWorker;
  readonly meter = new WorkerMeter(performance.now());
  readonly #options: PlaceOptions;
  readonly #tenants: Set<Tenant>;
  readonly #delay = new DelayProbe();
  #isHanging = false;

  private constructor(options: PlaceOptions, worker: KeptWorker, tenants: Set<Tenant>) {
    this.#options = options;
    this.worker = worker;
    this.#tenants = tenants;
  }

  /** Starts the worker. Rejects when it cannot be, with what to do. */
  static async open(options: PlaceOptions): Promise<Place> {
    const tenants = new Set<Tenant>();
    const worker = await keepWorker({
      workerBin: options.workerBin,
      bound: options.bound,
      onDeath: (reason) => {
        for (const tenant of [...tenants]) tenant.lost(reason);
      },
      log: options.log.child({ worker: options.index }),
    });
    return new Place(options, worker, tenants);
  }

  /** Takes a tenant in, until the function that is returned is called. */
  hold(tenant: Tenant): () => void {
    this.#tenants.add(tenant);
    return () => void this.#tenants.delete(tenant);
  }

  /** Ends a measuring interval. A worker without calls is asked seldom, and sleeps in between. */
  sample(): void {
    this.meter.sample(this.#read(), performance.now());
    this.#delay.look(this.#tenants.size > 0, () => this.#askWorker());
    this.#tellHang();
  }

  /**
   * Why nothing should come here just now, else undefined: the worker is down, or hangs. A busy one that owes an
   * answer does not hang: it still forwards media, and its load keeps others away.
   */
  trouble(): string | undefined {
    return this.worker.trouble() ?? this.#hang();
  }

  /** What there is to say about it. */
  status(): WorkerStatus {
    const tenants = [...this.#tenants].filter(({ isProbe }) => !isProbe);
    const load = this.meter.load();
    const trouble = this.trouble();
    return {
      bound: this.worker.bound,
      pid: this.worker.pid(),
      load,
      cpuMs: this.meter.cpuMs(),
      delaySeconds: this.#delay.seconds(),
      hasRoom: hasRoom({ isUp: trouble === undefined, load, holdsCall: false }),
      calls: tenants.length,
      sessions: tenants.reduce((sum, tenant) => sum + tenant.sessions(), 0),
      pipes: tenants.reduce((sum, tenant) => sum + tenant.pipes(), 0),
      deaths: this.worker.deaths(),
      trouble,
    };
  }

  #hang(): string | undefined {
    const seconds = this.#delay.overdueSeconds();
    if (seconds === undefined || this.meter.load() >= admissionLimit) return undefined;
    return `media worker hangs: no answer for ${Math.round(seconds)} s, though it does not use its core`;
  }

  #tellHang(): void {
    const reason = this.#hang();
    if (this.#isHanging === (reason !== undefined)) return;
    this.#isHanging = reason !== undefined;
    const log = this.#options.log.child({ worker: this.#options.index, pid: this.worker.pid() });
    if (reason !== undefined) log.error({ reason }, 'Media worker hangs');
    else log.info({ delaySeconds: this.#delay.seconds() }, 'Media worker no longer hangs');
  }

  async #askWorker(): Promise<void> {
    const { worker } = await this.worker.current();
    await worker.getResourceUsage();
  }

  #read(): CpuReading | undefined {
    const pid = this.worker.pid();
    const use = pid === undefined ? undefined : this.#options.cpuUseOf(pid);
    return pid === undefined || use === undefined ? undefined : { ...use, pid };
  }
}
