/** Everything of one scenario: API server, nodes, SFUs, DNS, Mattermost and operators, on one line of virtual time. */
import type { KubeApi, KubeObject } from '../../../operator/kube/api.ts';
import type { LeaseSpec } from '../../../operator/kube/lease.ts';
import { leases, rtcclusters } from '../../../operator/kube/resources.ts';
import { SimApiServer } from './apiServer.ts';
import { createDnsName } from './dns.ts';
import type { SimClientDeps, Write } from './connection.ts';
import { createSimClient } from './kubeClient.ts';
import type { End } from './kubelet.ts';
import { Machines } from './machines.ts';
import { Mattermost, type Call } from './mattermost.ts';
import { startOperatorProcess, type OperatorProcess } from './operatorProcess.ts';
import { ProbeLog } from './probes.ts';
import type { Random } from './random.ts';
import { ProcessClock, SimTime, wallMs } from './time.ts';
import { fairWeather, type Weather } from './weather.ts';

/** The one RTCCluster of a scenario. */
export const clusterKey = { namespace: 'mattermost', name: 'calls' };

/** An SFU that ended with calls on it. */
export interface Drop {
  readonly atMs: number;
  readonly end: End;
  readonly calls: readonly Call[];
}

/** Told of what happens, to check it. */
export interface Observer {
  onWrite(write: Write, phase: 'before' | 'after'): void;
  onLog(line: string): void;
  onDrop(drop: Drop): void;
  /** Something did not hold. */
  report(invariant: string, message: string): void;
}

/** What a world is made of. */
export interface WorldDeps {
  readonly random: Random;
  readonly observer: Observer;
  readonly dnsTtlSeconds: number;
  /** SFUs are had to call each other. */
  readonly placesProbes: boolean;
}

/** How long the garbage collector takes to see that an owner is gone. */
const orphanMs = 10_000;

/** See the file comment. */
export class World {
  readonly namespace = clusterKey.namespace;
  readonly time = new SimTime();
  readonly server = new SimApiServer(() => wallMs(this.time));
  readonly weather: Weather = fairWeather();
  readonly machines: Machines;
  readonly mattermost: Mattermost;
  readonly random: Random;
  readonly drops: Drop[] = [];
  /** Requests of operators that reached the server. */
  requests = 0;
  readonly #observer: Observer;
  readonly #operators = new Map<string, OperatorProcess>();
  /** How probe calls have ended; undefined: nobody places any. */
  readonly probes: ProbeLog | undefined;
  #starts = 0;

  constructor({ random, observer, dnsTtlSeconds, placesProbes }: WorldDeps) {
    this.probes = placesProbes ? new ProbeLog(() => this.server.nowMs) : undefined;
    const { server, time } = this;
    this.random = random;
    this.#observer = observer;
    this.machines = new Machines({ server, time, random: random.fork(), onEnd: (end) => this.#onEnd(end) });
    this.#collectOrphans();
    this.mattermost = new Mattermost({
      ...{ time, random: random.fork(), sfuAt: (address) => this.machines.sfuAt(address) },
      dns: createDnsName({
        ...{ server, time, random: random.fork(), ttlSeconds: dnsTtlSeconds },
        namespace: clusterKey.namespace,
      }),
    });
  }

  /** The garbage collector finds what was made for an owner that is gone. */
  #collectOrphans(): void {
    this.server.subscribe(({ type, resource, object }) => {
      const [owner] = object.metadata.ownerReferences ?? [];
      if (type !== 'ADDED' || owner === undefined) return;
      this.time.after(orphanMs, () => {
        if (
          this.cluster?.metadata.uid === owner.uid ||
          this.server.find(resource, object.metadata) === undefined
        )
          return;
        this.server.delete(resource, object.metadata);
      });
    });
  }

  get operators(): readonly OperatorProcess[] {
    return [...this.#operators.values()];
  }

  /** The RTCCluster, if there still is one. */
  get cluster(): KubeObject | undefined {
    return this.server.find(rtcclusters, clusterKey);
  }

  /** Starts an operator; one that exits by itself is started again after a while, as its container would be. */
  startOperator(name: string): OperatorProcess {
    const process = startOperatorProcess({
      ...this.#clientParts(`${name}-${(this.#starts += 1)}`),
      sfuAt: (address) => this.machines.sfuAt(address),
      ...(this.probes && {
        probes: { log: this.probes, placeAt: (address) => this.machines.placeAt(address) },
      }),
      onLog: (line) => this.#observer.onLog(line),
      onExit: () => this.time.after(2_000, () => this.startOperator(name)),
    });
    this.#operators.set(name, process);
    return process;
  }

  /** The way of an operator to the API server, for a broken one: faults are injected through it. */
  rogueApi(): KubeApi {
    return createSimClient(this.#clientParts('rogue')).api();
  }

  /** Kills the process of that name; another takes its place after `downMs`. */
  crashOperator(name: string, downMs: number): void {
    this.#operators.get(name)?.kill();
    this.time.after(downMs, () => this.startOperator(name));
  }

  /** Stops the process of that name as planned; another takes its place after `downMs`, whether it has ended or not. */
  stopOperator(name: string, downMs: number): void {
    const process = this.#operators.get(name);
    this.time.afterSettling(0, () => process?.stop());
    this.time.after(downMs, () => this.startOperator(name));
  }

  /** Identity in the operators' Lease; empty when nobody holds it. */
  leader(): string {
    return this.lease().holderIdentity ?? '';
  }

  /** The operators' Lease. */
  lease(): LeaseSpec {
    const [lease] = this.server.list(leases);
    return (lease?.['spec'] as LeaseSpec | undefined) ?? {};
  }

  /** Something did not hold. */
  report(invariant: string, message: string): void {
    this.#observer.report(invariant, message);
  }

  #clientParts(name: string): SimClientDeps {
    const { server, time, weather } = this;
    const random = this.random.fork();
    return {
      ...{ name, server, time, weather, random, clock: new ProcessClock(time, () => random.next()) },
      onWrite: (write, phase) => this.#observer.onWrite(write, phase),
      onRequest: () => (this.requests += 1),
    };
  }

  #onEnd(end: End): void {
    const calls = this.mattermost.lost(end.sfu);
    if (calls.length === 0) return;
    const drop = { atMs: this.time.nowMs, end, calls };
    this.drops.push(drop);
    this.#observer.onDrop(drop);
  }
}
