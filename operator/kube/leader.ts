/**
 * Leader election on a Lease, with a fence: who cannot be sure to lead does not
 * write. A lost lead is final; the process is expected to exit.
 */
import type { KubeApi, KubeObject, ObjectKey } from './api.ts';
import { type Cancel, type Clock, sleep } from './clock.ts';
import { AlreadyExistsError, ConflictError, FencedError, NotFoundError } from './errors.ts';
import type { Fence } from './fence.ts';
import {
  decideLease,
  heldSpec,
  leaseTimes,
  type LeaseSpec,
  type LeaseTimes,
  type Observed,
  releasedSpec,
  specOf,
} from './lease.ts';
import { leases } from './resources.ts';
import type { Log } from '../ops/logger.ts';

/** What an election is made of. */
export interface ElectionDeps {
  /** Unfenced, and with a time-out below `retryMs` × 2 or so: a renewal that hangs must not cost the lead. */
  readonly kube: Pick<KubeApi, 'get' | 'create' | 'replace'>;
  readonly lease: ObjectKey;
  /** Unique per process: a pod's name is not, when its container restarts. */
  readonly identity: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Default 15 s, 10 s, 2 s. */
  readonly times?: LeaseTimes;
  /** Called once, when we lead. */
  readonly onElected: () => void;
  /** Called once, when we led and no longer do; the reason is for people. Not called by `close`. */
  readonly onLost: (reason: string) => void;
}

/** One candidate. */
export interface Election {
  start(): void;
  isLeader(): boolean;
  /** For the KubeApi that everything else writes through. */
  readonly fence: Fence;
  /** Refuses further writes, then releases the lease. Stop what writes before. Idempotent. */
  close(): Promise<void>;
}

/** A candidate that begins at `start()`. */
export function createElection(deps: ElectionDeps): Election {
  return new LeaseElection(deps);
}

type State = 'candidate' | 'leader' | 'lost' | 'closed';

class LeaseElection implements Election {
  readonly fence: Fence;
  readonly #deps: ElectionDeps;
  readonly #times: LeaseTimes;
  readonly #abort = new AbortController();
  #state: State = 'candidate';
  /** When the last successful renewal was *begun*. */
  #renewedAtMs = 0;
  #lease: KubeObject | undefined;
  #observed: Observed | undefined;
  #cancelDeadline: Cancel | undefined;
  #loop: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(deps: ElectionDeps) {
    this.#deps = deps;
    this.#times = deps.times ?? leaseTimes;
    this.fence = { writeBudgetMs: (call) => this.#writeBudgetMs(call) };
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  isLeader(): boolean {
    return this.#state === 'leader' && this.#silentMs() < this.#times.renewDeadlineMs;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const wasLeader = this.#state === 'leader';
    this.#state = 'closed';
    this.#cancelDeadline?.();
    this.#abort.abort();
    await this.#loop;
    if (wasLeader || this.#lease !== undefined) await this.#release();
  }

  async #run(): Promise<void> {
    while (this.#state === 'candidate' || this.#state === 'leader') {
      try {
        await this.#try();
      } catch (error) {
        this.#onFailure(error);
      }
      const jitter = this.#state === 'candidate' ? 1 + 0.2 * this.#deps.clock.random() : 1;
      await sleep(this.#deps.clock, this.#times.retryMs * jitter, this.#abort.signal);
    }
  }

  /** One look and at most one write. */
  async #try(): Promise<void> {
    const startedMs = this.#deps.clock.monotonicMs();
    const lease = this.#lease ?? (await this.#read());
    if (lease === undefined) {
      this.#held(await this.#create(), startedMs);
      return;
    }
    const decision = decideLease(this.#observe(lease), this.#deps.identity, startedMs);
    if (this.#state === 'leader' && decision.action !== 'renew') {
      this.#lose(decision.reason);
      return;
    }
    if (decision.action === 'wait') {
      this.#forget();
      return;
    }
    const spec = this.#heldSpec(specOf(lease));
    const replaced = await this.#deps.kube.replace(leases, { ...lease, spec });
    this.#held(replaced, startedMs);
  }

  async #read(): Promise<KubeObject | undefined> {
    try {
      return await this.#deps.kube.get(leases, this.#deps.lease);
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  #create(): Promise<KubeObject> {
    return this.#deps.kube.create(leases, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: this.#deps.lease,
      spec: this.#heldSpec(undefined),
    });
  }

  #heldSpec(previous: LeaseSpec | undefined): LeaseSpec {
    const { identity, clock } = this.#deps;
    return heldSpec(previous, { identity, wallMs: clock.wallMs(), durationMs: this.#times.durationMs });
  }

  /** Notes when a foreign lease last changed, by our own clock. */
  #observe(lease: KubeObject): Observed {
    const spec = specOf(lease);
    const isSame = JSON.stringify(this.#observed?.spec) === JSON.stringify(spec);
    this.#observed =
      isSame && this.#observed !== undefined
        ? this.#observed
        : { spec, changedAtMs: this.#deps.clock.monotonicMs() };
    return this.#observed;
  }

  /** A write of ours went through. */
  #held(lease: KubeObject, startedMs: number): void {
    this.#lease = lease;
    this.#renewedAtMs = startedMs;
    if (this.#state === 'leader') {
      this.#setDeadline();
      return;
    }
    if (this.#state !== 'candidate') return;
    this.#state = 'leader';
    this.#setDeadline();
    this.#deps.log.info({ identity: this.#deps.identity }, 'Elected');
    this.#deps.onElected();
  }

  #setDeadline(): void {
    this.#cancelDeadline?.();
    const leftMs = this.#renewedAtMs + this.#times.renewDeadlineMs - this.#deps.clock.monotonicMs();
    const lose = (): void => this.#lose(`could not renew for ${this.#times.renewDeadlineMs} ms`);
    this.#cancelDeadline = this.#deps.clock.after(Math.max(0, leftMs), lose);
  }

  #lose(reason: string): void {
    if (this.#state !== 'leader') return;
    this.#state = 'lost';
    this.#cancelDeadline?.();
    this.#abort.abort();
    this.#deps.log.error({ identity: this.#deps.identity, reason }, 'Lost the lead');
    this.#deps.onLost(reason);
  }

  /** A conflict only says that our copy is old; the next try reads. */
  #onFailure(error: unknown): void {
    this.#forget();
    const isRace = error instanceof ConflictError || error instanceof AlreadyExistsError;
    if (!isRace) this.#deps.log.warn({ err: error }, 'Could not reach the lease');
  }

  #forget(): void {
    this.#lease = undefined;
  }

  async #release(): Promise<void> {
    try {
      const lease = await this.#read();
      if (lease === undefined || specOf(lease).holderIdentity !== this.#deps.identity) return;
      const spec = releasedSpec(specOf(lease), this.#deps.clock.wallMs());
      await this.#deps.kube.replace(leases, { ...lease, spec });
      this.#deps.log.info({ identity: this.#deps.identity }, 'Released the lease');
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'Could not release the lease');
    }
  }

  #silentMs(): number {
    return this.#deps.clock.monotonicMs() - this.#renewedAtMs;
  }

  #writeBudgetMs(call: string): number {
    if (this.#state !== 'leader')
      throw new FencedError(call, `refused: this replica does not lead (${this.#state})`);
    const silentMs = this.#silentMs();
    if (silentMs >= this.#times.renewDeadlineMs)
      throw new FencedError(call, `refused: the lease was last renewed ${Math.round(silentMs)} ms ago`);
    return this.#times.durationMs - silentMs;
  }
}
