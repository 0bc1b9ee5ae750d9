/** Acts of a fleet on a stage: each has a namespace and an operator of its own. */
import { afterAll, beforeAll } from '@jest/globals';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { type KubeStage, stagePort, startKubeStage } from '../../support/kubeStage.ts';
import { liveCluster, type LiveCluster } from '../../support/liveCluster.ts';
import { startOperator, type RunningOperator } from '../../support/operator.ts';

/** Of pods in DNS. */
export const published = 'rtc.progressnet.gr/published=true';

/** What the specs of all acts have in common. */
export const base = {
  drain: { propagationSeconds: 0, sessionlessSeconds: 1, timeoutSeconds: 60 },
  network: { apiPort: stagePort },
};

/** Acts of this file of tests, on a stage with so many fake nodes that is there from the first test to the last. */
export function actsOn({ nodes }: { readonly nodes: number }): Acts {
  const acts = new Acts();
  beforeAll(() => acts.open(nodes), 120_000);
  afterAll(() => acts.stage.close(), 30_000);
  return acts;
}

/** One act at a time. */
export class Acts {
  #stage: KubeStage | undefined;
  #count = 0;
  #current: { readonly calls: LiveCluster; operator: RunningOperator } | undefined;

  async open(nodes: number): Promise<void> {
    this.#stage = await startKubeStage({ nodes });
  }

  get stage(): KubeStage {
    if (this.#stage === undefined) throw new RangeError('open the stage first');
    return this.#stage;
  }

  /** The RTCCluster of this act. */
  get calls(): LiveCluster {
    return this.#now.calls;
  }

  get operator(): RunningOperator {
    return this.#now.operator;
  }

  async begin(): Promise<void> {
    const namespace = `test-${++this.#count}`;
    await this.stage.createNamespace(namespace);
    for (const node of this.stage.fakes.nodes) {
      node.crash = undefined;
      node.sfu.requests.splice(0);
      Object.assign(node.sfu, { sessions: 0, isDraining: false, answers: true, probe: undefined });
    }
    const calls = liveCluster(this.stage.kube, namespace, base);
    this.#current = { calls, operator: this.#start(namespace) };
  }

  /** The operator, after it was stopped. */
  startAgain(): void {
    this.#now.operator = this.#start(this.calls.namespace);
  }

  async end(): Promise<void> {
    for (const { sfu } of this.stage.fakes.nodes) Object.assign(sfu, { sessions: 0, answers: true });
    await this.calls.remove();
    await this.calls.untilPods(0);
    await this.operator.stop();
  }

  /** Two published pods. */
  async two(): Promise<void> {
    await this.calls.apply({ replicas: 2 });
    await this.calls.untilCondition('Ready', /^True/);
  }

  /** As `kubectl drain` does. */
  async evict({ metadata: { namespace = '', name } }: KubeObject): Promise<void> {
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { namespace, name } };
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
    await this.stage.cluster.kubectlWithInput(JSON.stringify(eviction), 'create', '--raw', path, '-f', '-');
  }

  get #now(): { readonly calls: LiveCluster; operator: RunningOperator } {
    if (this.#current === undefined) throw new RangeError('no act has begun');
    return this.#current;
  }

  #start(namespace: string): RunningOperator {
    return startOperator(this.stage.proxy.kubeconfig, { 'watch-namespaces': namespace });
  }
}

/** Names of objects. */
export const namesOf = (objects: readonly KubeObject[]): string[] =>
  objects.map(({ metadata }) => metadata.name);
