/** Has SFU pods call each other in a loop of its own. A reconcile reads the last results and never waits for a call. */
import type { Facts } from '../fleet/pod.ts';
import type { ProbeFacts } from '../fleet/probeFacts.ts';
import type { Clock } from '../kube/clock.ts';
import type { Fence } from '../kube/fence.ts';
import type { Log } from '../ops/logger.ts';
import type { ProbeClient } from './probeClient.ts';
import { resultAfter } from './probeAnswer.ts';
import { dueTurns, type ProbeTarget, type Turn } from './probeTurns.ts';

/** What a prober is made of. */
export interface ProberDeps {
  readonly client: ProbeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly targets: () => readonly ProbeTarget[];
  readonly factsOf: (uid: string) => Facts | undefined;
  /** Called with `namespace/name` of a cluster when a probe of one of its pods has ended. */
  readonly onNews: (cluster: string) => void;
  /** Asked before each call. Absent: always allowed. */
  readonly fence?: Fence | undefined;
  /** Between two looks at whose turn it is. */
  readonly tickMs: number;
  /** Probes at the same time. */
  readonly parallel: number;
}

/** See the file comment. */
export interface Prober {
  /** Call it once. */
  start(): void;
  /** Ends it; what is in flight is forgotten. */
  stop(): void;
  /** Looks soon whose turn it is: once for many that ask. Does nothing before the start. */
  hurry(): void;
  /** The last results about the pod with this uid. */
  probeOf(uid: string): ProbeFacts;
}

/** A prober that does not probe yet. */
export function createProber(deps: ProberDeps): Prober {
  return new LoopingProber(deps);
}

const nothing: ProbeFacts = {};

/** News come in bursts. */
const soonMs = 100;

class LoopingProber implements Prober {
  readonly #deps: ProberDeps;
  readonly #known = new Map<string, ProbeFacts>();
  /** Pods that call just now: each calls one at a time. */
  readonly #calling = new Set<string>();
  readonly #underWay = new Set<string>();
  /** Due at the last look and not begun yet. */
  #waiting: Turn[] = [];
  #cancel: (() => void) | undefined;
  #isHurrying = false;

  constructor(deps: ProberDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { clock, tickMs } = this.#deps;
    this.#cancel = clock.after(tickMs, () => this.start());
    this.#look();
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
      if (this.#cancel !== undefined) this.#look();
    });
  }

  probeOf(uid: string): ProbeFacts {
    return this.#known.get(uid) ?? nothing;
  }

  #look(): void {
    const { targets, factsOf, clock } = this.#deps;
    const all = targets();
    const present = new Set(all.map(({ target }) => target.uid));
    for (const uid of this.#known.keys()) if (!present.has(uid)) this.#known.delete(uid);
    const probeOf = (uid: string): ProbeFacts => this.probeOf(uid);
    const due = dueTurns(all, { factsOf, probeOf, nowMs: clock.wallMs() });
    this.#waiting = due.filter((turn) => !this.#underWay.has(nameOf(turn)));
    this.#next();
  }

  /** Begins as many as may be under way. */
  #next(): void {
    const callersAreBusy: Turn[] = [];
    while (this.#calling.size < this.#deps.parallel) {
      const turn = this.#waiting.shift();
      if (turn === undefined) break;
      if (this.#calling.has(turn.by.target.uid)) callersAreBusy.push(turn);
      else void this.#probe(turn).then(() => this.#next());
    }
    this.#waiting.unshift(...callersAreBusy);
  }

  async #probe(turn: Turn): Promise<void> {
    const { client, clock, fence, log, onNews } = this.#deps;
    const { kind, of, by, addresses } = turn;
    const { uid, cluster } = of.target;
    this.#calling.add(by.target.uid);
    this.#underWay.add(nameOf(turn));
    try {
      fence?.writeBudgetMs(`probe ${uid}`);
      const answer = await client.probe(by.target, { target: of.target, addresses });
      const { outcome } = answer;
      if (this.#cancel === undefined || outcome === 'Busy') return;
      const before = this.probeOf(uid);
      const from = by === of ? undefined : by.nodeName;
      const after = resultAfter(before[kind], { ...answer, outcome }, { turn, from, atMs: clock.wallMs() });
      this.#known.set(uid, { ...before, [kind]: after });
      if (after.failures !== (before[kind]?.failures ?? 0))
        log.info({ cluster, pod: of.name, kind, ...after }, 'Probed pod');
      onNews(cluster);
    } catch (error) {
      log.debug({ cluster, uid, error: String(error) }, 'Did not probe');
    } finally {
      this.#calling.delete(by.target.uid);
      this.#underWay.delete(nameOf(turn));
    }
  }
}

function nameOf({ kind, of }: Turn): string {
  return `${kind} ${of.target.uid}`;
}
