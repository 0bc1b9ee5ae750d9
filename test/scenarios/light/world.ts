/**
 * A light world on a real control plane: API server, controllers and DNS are real, so is the operator, a process of its
 * own; nodes and SFUs are light, Mattermost and people are those of the simulation, ten times as fast as in life.
 */
import type { KubeApi, KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import type { Cluster } from '../../cluster/options.ts';
import { startProxy, type ApiProxy } from '../../cluster/proxy.ts';
import { eventually } from '../../support/eventually.ts';
import type { OperatorProgram } from '../../support/operatorProgram.ts';
import type { End } from '../sim/kubelet.ts';
import { Machines } from '../sim/machines.ts';
import { Mattermost } from '../sim/mattermost.ts';
import { Monitor } from '../sim/monitor.ts';
import type { Watched } from '../sim/scenes.ts';
import { createRandom } from '../sim/random.ts';
import { followName } from './clusterDns.ts';
import { createDoors, type Doors } from './doors.ts';
import { createMachineApi } from './machineApi.ts';
import { createOperatorLife, type OperatorLife } from './operatorLife.ts';
import { createOracle, type Oracle } from './oracle.ts';
import { placeOn, type Place } from './place.ts';
import { createTruth, type Truth } from './truth.ts';
import { createWallTime, type WallTime } from './wallTime.ts';

/** What worlds share. */
export interface Ground {
  readonly cluster: Cluster;
  readonly kube: KubeApi;
  readonly program: OperatorProgram;
}

/** What one world is like. */
export interface WorldOptions {
  /** Names its namespace. */
  readonly name: string;
  /** Two worlds at the same time have different ones, 0 to 14. */
  readonly lane: number;
  readonly nodes: number;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly seed: number;
}

/** How fast Mattermost, people and nodes live. What the spec says in seconds is real. */
const speed = 10;
const apiPort = 8443;

/** In the spec of every light world: the defaults of a drain ten times as fast, and a short trial of new images. */
const hurry = {
  drain: { propagationSeconds: 5, sessionlessSeconds: 2 },
  update: { canary: { bakeSeconds: 3 } },
};

/** See the file comment. */
export class LightWorld implements Watched {
  readonly ground: Ground;
  readonly place: Place;
  readonly namespace: string;
  readonly time: WallTime = createWallTime(speed);
  readonly monitor = new Monitor();
  readonly machines: Machines;
  readonly mattermost: Mattermost;
  readonly oracle: Oracle;
  readonly doors: Doors = createDoors(apiPort);
  /** Calls that ended with their SFU, by whose doing that was. */
  readonly dropped = { us: 0, deadline: 0, others: 0 };
  /** Whatever in here did not go as it should. */
  readonly problems: string[] = [];
  readonly #options: WorldOptions;
  readonly #truth: Truth;
  readonly #machineApi: ReturnType<typeof createMachineApi>;
  readonly #dns: ReturnType<typeof followName>;
  #proxy: ApiProxy | undefined;
  #operator: OperatorLife | undefined;

  constructor(ground: Ground, options: WorldOptions) {
    const random = createRandom(options.seed);
    this.ground = ground;
    this.#options = options;
    this.namespace = options.name;
    this.place = placeOn(ground.cluster, options.lane, options.name);
    this.#truth = createTruth(ground.kube, this.place);
    this.monitor.watch(this);
    this.#machineApi = createMachineApi(ground.kube, this.place);
    this.machines = new Machines({
      ...{ server: this.#machineApi, time: this.time, random: random.fork() },
      onStart: (sfu, machine) => this.doors.open(sfu, machine),
      onEnd: (end) => this.#onEnd(end),
    });
    this.#dns = followName(ground.cluster, `calls-rtcd.${this.namespace}.svc.cluster.local`);
    this.mattermost = new Mattermost({
      ...{ time: this.time, random: random.fork(), dns: this.#dns },
      sfuAt: (address) => this.machines.sfuAt(address),
    });
    this.oracle = createOracle({
      ...{ monitor: this.monitor, truth: this.#truth },
      crash: () => this.#operator?.crash(),
    });
  }

  get server(): Watched['server'] {
    return this.#truth.server;
  }

  get cluster(): KubeObject | undefined {
    return this.server.find(resources.rtcclusters, { namespace: this.namespace, name: 'calls' });
  }

  get proxy(): ApiProxy {
    if (this.#proxy === undefined) throw new TypeError('start the world first');
    return this.#proxy;
  }

  /** Nodes, RTCCluster and operator, in this order. */
  async start(): Promise<void> {
    const { cluster, kube, program } = this.ground;
    const { nodes, spec } = this.#options;
    this.#proxy = await startProxy(cluster, { witness: this.oracle });
    const metadata = { name: this.namespace };
    await kube.create(resources.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata });
    await eventually(() =>
      cluster.kubectl('get', '-n', this.namespace, 'serviceaccount', 'default').then(() => undefined),
    );
    await this.#machineApi.synced;
    const { nodeName, addressOf, nodeLabels } = this.place;
    for (let node = 1; node <= nodes; node += 1)
      this.machines.add(nodeName(node), await addressOf(node), nodeLabels);
    await this.#machineApi.written();
    await kube.create(resources.rtcclusters, {
      apiVersion: 'rtc.progressnet.gr/v1alpha1',
      kind: 'RTCCluster',
      metadata: { namespace: this.namespace, name: 'calls' },
      spec: { ...hurry, network: { apiPort }, placement: { nodeSelector: nodeLabels }, ...spec },
    });
    await this.#truth.refresh();
    this.#operator = createOperatorLife({
      ...{ program, namespace: this.namespace, kubeconfig: this.proxy.kubeconfig },
      onLine: (line) => this.monitor.onLog(line),
      onProblem: (problem) => void this.problems.push(problem),
    });
    this.#operator.start();
  }

  /** Looks again at what the API server has. */
  async look(): Promise<void> {
    await this.#machineApi.written();
    await this.#truth.refresh();
  }

  async close(): Promise<void> {
    await this.#operator?.stop();
    this.time.stop();
    await this.#dns.stop();
    await this.#machineApi.close();
    await this.doors.closeAll();
    this.problems.push(...this.#machineApi.problems);
    await this.#proxy?.close();
    await this.#removeNodes();
  }

  async #removeNodes(): Promise<void> {
    const { cluster } = this.ground;
    await cluster.kubectl('delete', 'nodes', '-l', this.place.nodeSelector);
    await cluster.kubectl('delete', 'namespace', this.namespace, '--wait=false');
  }

  #onEnd(end: End): void {
    this.doors.close(end.sfu);
    const calls = this.mattermost.lost(end.sfu);
    if (calls.length === 0) return;
    this.dropped[this.monitor.blameOf({ end })] += calls.length;
    this.monitor.onDrop({ atMs: this.time.nowMs, end, calls });
  }
}
