/** The world that policies act on: pods that take time to come, and calls that are bound to the pod they began on. */
import type { Counts } from '../../operator/fleet/scale/measures.ts';
import type { DrainMark } from '../../operator/fleet/pod.ts';
import { chance, type Call } from './traces.ts';

/** A pod with one core for media. */
export interface ModelPod {
  readonly name: string;
  readonly node: string;
  readonly createdMs: number;
  /** From then on it can be published. */
  readonly readyMs: number;
  isPublished: boolean;
  publishedSinceMs: number | undefined;
  firstPublishedMs: number | undefined;
  drain: DrainMark | undefined;
  /** Kubernetes ends it; no way back. */
  terminatingSinceMs: number | undefined;
  readonly calls: Set<Call>;
  /** Since when it has had nobody. */
  idleSinceMs: number | undefined;
  /** CPU as it would be measured now, 0 to 1. */
  load: number;
}

/** What the comparison counts. */
export interface Tally {
  /** Pod-minutes above `overload`. */
  overloadedMinutes: number;
  /** Calls that began when no pod in DNS had room. */
  callsWithoutRoom: number;
  droppedCalls: number;
  podHours: number;
}

/** Above this share of its core a pod is overloaded: packets wait. */
export const overload = 0.9;
/** From here on an SFU sends new calls elsewhere. */
const full = 0.8;
/** Images are there, and so is the node. */
const warmLeadMs = 25_000;
/** A node has to be booted first. */
const coldLeadMs = 240_000;
/** Nodes that are there at the beginning. */
const firstNodes = 3;
/** An empty node is taken away after this. */
const nodeIdleMs = 600_000;

/** What things cost on the machines of this world, in millicores: not what the operator's price list says. */
const costs: Counts = { sessions: 0.3, audioIn: 1.5, videoIn: 20, audioOut: 0.45, videoOut: 2.2 };

/** See the file comment. */
export class Fleet {
  readonly tally: Tally = { overloadedMinutes: 0, callsWithoutRoom: 0, droppedCalls: 0, podHours: 0 };
  readonly pods: ModelPod[] = [];
  nowMs = 0;
  readonly #random = chance(99);
  /** When each node without a pod became empty. */
  readonly #emptyNodes = new Map<string, number>();
  /** Hosts as the Calls plugin knows them: of the round before. */
  #known: ModelPod[] = [];
  #made = 0;

  constructor(startPods: number) {
    for (let index = 0; index < firstNodes; index += 1) this.#emptyNodes.set(`node-${index}`, 0);
    for (let left = startPods; left > 0; left -= 1) this.create({ isReady: true });
  }

  /** A pod more: on a node that is there, else on one that is booted for it. */
  create({ isReady = false } = {}): ModelPod {
    this.#made += 1;
    const [warm] = this.#emptyNodes.keys();
    if (warm !== undefined) this.#emptyNodes.delete(warm);
    const leadMs = isReady ? 0 : warm === undefined ? coldLeadMs : warmLeadMs;
    const pod: ModelPod = {
      ...{ name: `pod-${this.#made}`, node: warm ?? `booted-${this.#made}`, createdMs: this.nowMs },
      ...{
        readyMs: this.nowMs + leadMs,
        isPublished: isReady,
        publishedSinceMs: isReady ? this.nowMs : undefined,
        firstPublishedMs: undefined,
      },
      ...{ drain: undefined, terminatingSinceMs: undefined, calls: new Set<Call>(), idleSinceMs: 0, load: 0 },
    };
    this.pods.push(pod);
    if (isReady) this.#known.push(pod);
    return pod;
  }

  publish(pod: ModelPod): void {
    if (!pod.isPublished) pod.publishedSinceMs = this.nowMs;
    pod.firstPublishedMs ??= this.nowMs;
    pod.isPublished = true;
  }

  /** Takes it away with whatever is on it. */
  remove(pod: ModelPod): void {
    this.tally.droppedCalls += pod.calls.size;
    this.pods.splice(this.pods.indexOf(pod), 1);
    this.#emptyNodes.set(pod.node, this.nowMs);
  }

  isReady(pod: ModelPod): boolean {
    return this.nowMs >= pod.readyMs;
  }

  sessions(pod: ModelPod): number {
    return [...pod.calls].reduce((sum, call) => sum + this.#peopleIn(call), 0);
  }

  counts(pod: ModelPod): Counts {
    return [...pod.calls].map((call) => this.#countsOf(call)).reduce(added, nothing);
  }

  /** Time passes: calls end, calls begin, CPU is used. */
  step(toMs: number, begun: readonly Call[]): void {
    const minutes = (toMs - this.nowMs) / 60_000;
    this.nowMs = toMs;
    for (const pod of this.pods) for (const call of pod.calls) if (call.endMs <= toMs) pod.calls.delete(call);
    for (const call of begun) this.#place(call);
    for (const pod of this.pods) this.#account(pod, minutes);
    for (const [node, sinceMs] of this.#emptyNodes)
      if (toMs - sinceMs > nodeIdleMs && this.#emptyNodes.size > 1) this.#emptyNodes.delete(node);
    this.#known = this.pods.filter(({ isPublished }) => isPublished);
  }

  /** As the plugin does: the host with the most idle CPU. */
  #place(call: Call): void {
    const hosts = this.#known.filter((pod) => this.pods.includes(pod));
    const [host] = hosts.toSorted((a, b) => this.#load(a) - this.#load(b));
    if (host === undefined) {
      this.tally.callsWithoutRoom += 1;
      return;
    }
    // Judged by all who will come: a call cannot move when it has outgrown its pod.
    const whole = costOf(this.#countsOf({ ...call, fillMs: 0 })) / 1000;
    if (this.#load(host) + whole > overload || this.#load(host) >= full) this.tally.callsWithoutRoom += 1;
    host.calls.add(call);
  }

  #account(pod: ModelPod, minutes: number): void {
    const load = this.#load(pod);
    pod.load = Math.min(1, load * (0.8 + 0.4 * this.#random()));
    if (load > overload) this.tally.overloadedMinutes += minutes;
    this.tally.podHours += minutes / 60;
    if (pod.calls.size > 0) pod.idleSinceMs = undefined;
    else pod.idleSinceMs ??= this.nowMs;
  }

  #load(pod: ModelPod): number {
    return costOf(this.counts(pod)) / 1000;
  }

  #peopleIn({ startMs, fillMs, people }: Call): number {
    const share = fillMs === 0 ? 1 : Math.min(1, (this.nowMs - startMs) / fillMs);
    return Math.max(1, Math.round(people * share));
  }

  #countsOf(call: Call): Counts {
    const people = this.#peopleIn(call);
    const talking = Math.min(2, people);
    const shared = call.hasScreen ? 1 : 0;
    return {
      sessions: people,
      audioIn: talking,
      audioOut: talking * (people - 1),
      videoIn: shared,
      videoOut: shared * (people - 1),
    };
  }
}

const nothing: Counts = { sessions: 0, audioIn: 0, videoIn: 0, audioOut: 0, videoOut: 0 };

function added(a: Counts, b: Counts): Counts {
  return {
    sessions: a.sessions + b.sessions,
    audioIn: a.audioIn + b.audioIn,
    videoIn: a.videoIn + b.videoIn,
    audioOut: a.audioOut + b.audioOut,
    videoOut: a.videoOut + b.videoOut,
  };
}

function costOf(counts: Counts): number {
  return Object.entries(costs).reduce((sum, [name, cost]) => sum + cost * counts[name as keyof Counts], 0);
}
