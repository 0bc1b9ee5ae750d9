/** Asks every pod of a sort in a loop of its own. A reconcile reads the last facts and never waits for a pod. */
import type { Facts } from '../fleet/pod.ts';
import type { Clock } from '../kube/clock.ts';
import type { Fence } from '../kube/fence.ts';
import type { Log } from '../ops/logger.ts';
import { type Answer, factsAfter, isNews } from './answer.ts';
import type { Target } from './targets.ts';

/** What a poller is made of; `T` is the sort of pods that it asks. */
export interface PollerDeps<T extends Target = Target> {
  readonly client: {
    look(target: T): Promise<Answer>;
    setDraining(target: T, isDraining: boolean): Promise<boolean>;
  };
  readonly clock: Clock;
  readonly log: Log;
  /** Whom to ask, now. */
  readonly targets: () => readonly T[];
  /** Called with the queue key of the pod's owner when facts about it changed. */
  readonly onNews: (cluster: string) => void;
  /** Asked before a pod is steered: who may not write may not steer either. Absent: steering is always allowed. */
  readonly fence?: Fence | undefined;
  /** From one round to the next. */
  readonly periodMs: number;
  /** Requests in flight at most. */
  readonly parallel: number;
}

/** See the file comment. */
export interface Poller {
  /** Starts the rounds; resolves when everybody has been asked once. Call it once. */
  start(): Promise<void>;
  /** Ends them; what is in flight is forgotten. */
  stop(): void;
  /** Asks those soon that have not answered yet: a new pod need not wait for the next round. */
  hurry(): void;
  /** Asks the pod with this uid at once, or waits for the answer that is on its way: it is news whatever it says. */
  look(uid: string): void;
  /** The last facts about the pod with this uid. */
  factsOf(uid: string): Facts | undefined;
  /** Tells a pod to drain or not. Never rejects: the next round sees whether it worked. */
  steer(uid: string, isDraining: boolean): Promise<void>;
}

/** A poller that does not poll yet. */
export function createPoller<T extends Target>(deps: PollerDeps<T>): Poller {
  return new FactsPoller(deps);
}

/** Pods come and change in bursts, and to find those that are to be asked all are looked at. */
const soonMs = 50;

class FactsPoller<T extends Target> implements Poller {
  readonly #deps: PollerDeps<T>;
  readonly #facts = new Map<string, Facts>();
  readonly #inFlight = new Set<string>();
  readonly #looks = new Set<Promise<void>>();
  /** Uids of those whose next answer somebody waits for. */
  readonly #awaited = new Set<string>();
  #waiting: T[] = [];
  #cancel: (() => void) | undefined;
  #isHurrying = false;

  constructor(deps: PollerDeps<T>) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#round();
    while (this.#looks.size > 0) await Promise.all(this.#looks);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#waiting = [];
  }

  hurry(): void {
    if (this.#cancel === undefined || this.#isHurrying) return;
    this.#isHurrying = true;
    this.#deps.clock.after(soonMs, () => {
      this.#isHurrying = false;
      if (this.#cancel === undefined) return;
      this.#ask(this.#deps.targets().filter(({ uid }) => this.#facts.get(uid)?.answered !== true));
    });
  }

  look(uid: string): void {
    if (this.#cancel === undefined) return;
    this.#awaited.add(uid);
    this.#ask(this.#deps.targets().filter((target) => target.uid === uid));
  }

  factsOf(uid: string): Facts | undefined {
    return this.#facts.get(uid);
  }

  async steer(uid: string, isDraining: boolean): Promise<void> {
    const target = this.#deps.targets().find((candidate) => candidate.uid === uid);
    if (target === undefined) return;
    const { client, fence, log } = this.#deps;
    try {
      fence?.writeBudgetMs(`steer ${uid}`);
      const drains = await client.setDraining(target, isDraining);
      const facts = this.#facts.get(uid);
      if (facts?.answered === true) this.#facts.set(uid, { ...facts, isDraining: drains });
      log.info({ cluster: target.cluster, uid, isDraining: drains }, 'Steered pod');
    } catch (error) {
      log.warn({ cluster: target.cluster, uid, isDraining, error: String(error) }, 'Could not steer pod');
    }
  }

  #round(): void {
    const targets = this.#deps.targets();
    const present = new Set(targets.map(({ uid }) => uid));
    for (const known of [this.#facts, this.#awaited])
      for (const uid of known.keys()) if (!present.has(uid)) known.delete(uid);
    this.#cancel = this.#deps.clock.after(this.#deps.periodMs, () => this.#round());
    this.#ask(targets);
  }

  #ask(targets: readonly T[]): void {
    const queued = new Set(this.#waiting.map(({ uid }) => uid));
    this.#waiting.push(...targets.filter(({ uid }) => !queued.has(uid) && !this.#inFlight.has(uid)));
    this.#next();
  }

  #next(): void {
    while (this.#inFlight.size < this.#deps.parallel) {
      const target = this.#waiting.shift();
      if (target === undefined) return;
      this.#inFlight.add(target.uid);
      const look = this.#look(target).finally(() => this.#looks.delete(look));
      this.#looks.add(look);
    }
  }

  async #look(target: T): Promise<void> {
    const { client, clock, onNews } = this.#deps;
    const answer = await client.look(target);
    this.#inFlight.delete(target.uid);
    if (this.#cancel === undefined) return;
    const before = this.#facts.get(target.uid);
    const after = factsAfter(before, answer, clock.wallMs());
    this.#facts.set(target.uid, after);
    if (this.#awaited.delete(target.uid) || isNews(before, after)) onNews(target.cluster);
    this.#next();
  }
}
