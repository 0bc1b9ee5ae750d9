/** A real API server, a proxy that counts what the operator asks of it, and the operator as its image runs it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { valuesSchema } from '../../../charts/values.ts';
import type { RtcClusterStatus } from '../../../operator/api/rtccluster.ts';
import type { KubeApi } from '../../../operator/kube/api.ts';
import { createKubeClient, type KubeClient } from '../../../operator/kube/client.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { startCluster } from '../../cluster/cluster.ts';
import type { Cluster } from '../../cluster/options.ts';
import { startProxy, type ApiProxy } from '../../cluster/proxy.ts';
import { startManyNodes, type ManyNodes } from '../../scenarios/light/manyNodes.ts';
import { sideBySide } from '../../setup/sideBySide.ts';
import { eventually } from '../../support/eventually.ts';
import {
  buildOperator,
  type OperatorProcess,
  type OperatorProgram,
  type StartOptions,
} from '../../support/operatorProgram.ts';
import { freePort } from '../../support/ports.ts';

/** Both, as the chart has it: of a kind that is not there an operator asks again once a minute. */
const kinds = ['rtcclusters', 'turnservers'] as const;
const crd = (kind: string): string =>
  join(import.meta.dirname, `../../../crds/${kind}.rtc.progressnet.gr.yaml`);
/** Of everything that tests of costs make. */
export const namespace = 'costs';
/** What the chart lets the operator have. */
const limits = valuesSchema.parse({}).resources['limits'] as { readonly memory: string };
/** The same in MiB. */
export const memoryLimitMiB = Number(/^(\d+)Mi$/.exec(limits.memory)?.[1]);
/** Long waits: a thousand clusters take minutes to be made. */
export const patience = { timeoutMs: 1_200_000, intervalMs: 500 };

/** Some of the status of a cluster, and the generation that it is to be about. */
export interface Seen {
  readonly status: Partial<RtcClusterStatus>;
  readonly generation: number;
}

/** See the file comment. */
export class CostStage {
  readonly #client: KubeClient;
  readonly #counted: KubeClient;
  readonly #program: OperatorProgram;
  readonly #port: number;
  readonly cluster: Cluster;
  readonly proxy: ApiProxy;
  /** Not counted. */
  readonly kube: KubeApi;
  /** Through the proxy, whose clock and counts then have it, too. */
  readonly countedKube: KubeApi;
  #operator: OperatorProcess | undefined;
  #nodes: ManyNodes | undefined;

  private constructor(parts: {
    readonly cluster: Cluster;
    readonly proxy: ApiProxy;
    readonly program: OperatorProgram;
    readonly port: number;
  }) {
    this.cluster = parts.cluster;
    this.proxy = parts.proxy;
    this.#program = parts.program;
    this.#port = parts.port;
    this.#client = createKubeClient({ kubeconfig: parts.cluster.kubeconfig });
    this.#counted = createKubeClient({ kubeconfig: parts.proxy.kubeconfig });
    this.kube = this.#client.api();
    this.countedKube = this.#counted.api();
  }

  /** With so many light nodes, and no operator yet. */
  static async open({ nodes }: { readonly nodes: number }): Promise<CostStage> {
    const program = await buildOperator();
    const cluster = await startCluster({ nodes: 0 });
    const stage = new CostStage({
      ...{ cluster, program },
      proxy: await startProxy(cluster),
      port: await freePort(),
    });
    for (const kind of kinds) {
      await cluster.kubectl('apply', '-f', crd(kind));
      await eventually(() => cluster.kubectl('get', kind).then(() => undefined));
    }
    await cluster.kubectl('create', 'namespace', namespace);
    await eventually(() =>
      cluster.kubectl('get', '-n', namespace, 'serviceaccount', 'default').then(() => undefined),
    );
    if (nodes > 0)
      stage.#nodes = await startManyNodes(cluster, stage.kube, { count: nodes, port: stage.#port });
    return stage;
  }

  /** The same, with an operator that has found nothing to do. */
  static async openIdle(size: { readonly nodes: number }): Promise<CostStage> {
    const stage = await CostStage.open(size);
    await stage.start();
    await stage.untilQuiet();
    return stage;
  }

  get operator(): OperatorProcess {
    if (this.#operator === undefined) throw new TypeError('start the operator first');
    return this.#operator;
  }

  get nodes(): ManyNodes {
    if (this.#nodes === undefined) throw new TypeError('there are no nodes');
    return this.#nodes;
  }

  async close(): Promise<void> {
    await this.#operator?.stop();
    await this.#nodes?.stop();
    await this.#program.remove();
    await Promise.all([this.#client.close(), this.#counted.close()]);
    await this.proxy.close();
    await this.cluster.stop();
  }

  /** Starts the operator; resolves when it reconciles, with the milliseconds from the process's start to then. */
  async start(more: Partial<StartOptions> = {}): Promise<number> {
    const began = Promise.withResolvers<undefined>();
    const startedMs = performance.now();
    this.#operator = this.#program.start({
      ...{ kubeconfig: this.proxy.kubeconfig, memoryLimitMiB },
      settings: {
        ...{ 'sfu-image': 'sfu:1.2.6', 'watch-namespaces': namespace, 'leader-election': 'false' },
        // A pod that is silent because this machine is busy would be news.
        'poll-timeout-ms': '9000',
      },
      onLine: (line) => {
        if (line.includes('"Started to reconcile"')) began.resolve(undefined);
      },
      ...more,
    });
    await began.promise;
    return performance.now() - startedMs;
  }

  /** RTCClusters `calls-FROM` up to before `calls-TO`, made by so many at a time. */
  async create({ from, to, replicas }: Wanted): Promise<void> {
    const indexes = Array.from({ length: to - from }, (_, at) => from + at);
    await sideBySide(indexes, 20, (index) => this.createOne(this.kube, index, replicas));
  }

  /** RTCCluster `calls-INDEX`. */
  async createOne(kube: KubeApi, index: number, replicas: number): Promise<void> {
    await kube.create(resources.rtcclusters, {
      apiVersion: 'rtc.progressnet.gr/v1alpha1',
      kind: 'RTCCluster',
      metadata: { namespace, name: `calls-${index}` },
      spec: { replicas, network: { apiPort: this.#port } },
    });
  }

  /** Until the operator has asked for nothing but watches for a while. */
  async untilQuiet(quietMs = 5_000): Promise<void> {
    await eventually(() => {
      const last = this.proxy.calls().findLast(({ verb }) => verb !== 'watch');
      const silentMs = performance.now() - (last?.atMs ?? Number.NEGATIVE_INFINITY);
      return silentMs > quietMs
        ? undefined
        : `${last?.verb ?? ''} ${last?.resource ?? ''} ${last?.name ?? ''}`;
    }, patience);
  }

  /** The status of each cluster by its name. */
  async statuses(): Promise<Readonly<Record<string, Seen>>> {
    const { items } = await this.kube.list(resources.rtcclusters, { namespace, limit: 10_000 });
    const seen = items.map(
      ({ metadata: { name, generation = 0 }, ...fields }) =>
        [name, { status: fields['status'] ?? {}, generation }] as const,
    );
    return Object.fromEntries(seen);
  }

  /** Until every cluster has all its pods in DNS, and says so of its newest spec. */
  async untilReady(): Promise<void> {
    await eventually(async () => {
      const all = Object.values(await this.statuses());
      const left = all.filter((one) => !isReady(one)).length;
      return left === 0 ? undefined : `${left} of ${all.length} clusters to be ready`;
    }, patience);
  }

  /** Reconciles that ended since the process began. */
  reconciles(): Promise<number> {
    return this.#metric((sample) => sample.startsWith('rtc_operator_reconcile_total'));
  }

  /** Objects that the operator keeps of what it has made. */
  children(): Promise<number> {
    const others = ['Node', 'Namespace', 'RTCCluster'].map((kind) => `kind="${kind}"`);
    return this.#metric(
      (sample) =>
        sample.startsWith('rtc_operator_cached_objects') && !others.some((kind) => sample.includes(kind)),
    );
  }

  /** The sum of the operator's samples that are wanted. */
  async #metric(isWanted: (sample: string) => boolean): Promise<number> {
    const port = await this.operator.metricsPort;
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const samples = text.split('\n').filter(isWanted);
    return samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** What the process has in memory, and had at most since its start, proc_pid_status(5). */
  async residentMiB(): Promise<{ readonly now: number; readonly peak: number }> {
    const status = await readFile(`/proc/${this.operator.pid}/status`, 'utf8');
    const of = (field: string): number =>
      Math.round(Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024);
    return { now: of('VmRSS'), peak: of('VmHWM') };
  }
}

/** Which clusters are made. */
interface Wanted {
  readonly from: number;
  readonly to: number;
  readonly replicas: number;
}

function isReady({ status, generation }: Seen): boolean {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  return status.observedGeneration === generation && ready?.status === 'True';
}
