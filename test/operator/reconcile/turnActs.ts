/** Acts of a TurnServer `edge` on a stage: each has a namespace and an operator of its own. */
import { afterAll, beforeAll } from '@jest/globals';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { startFakeTurnNodes, type FakeTurnNodes } from '../../support/fakeTurnNodes.ts';
import { type KubeStage, startKubeStage } from '../../support/kubeStage.ts';
import { liveTurn, type LiveTurn } from '../../support/liveTurn.ts';
import { startOperator, type RunningOperator } from '../../support/operator.ts';

/** Of TURN pods that clients are sent to; SFU pods may be published in the same namespace. */
export const published = 'rtc.progressnet.gr/role=turn,rtc.progressnet.gr/published=true';

const base = { drain: { timeoutSeconds: 60 }, placement: { replicas: 2 } };

/** One act at a time. */
export interface TurnActs {
  readonly stage: KubeStage;
  readonly nodes: FakeTurnNodes;
  /** The TurnServer of this act. */
  readonly edge: LiveTurn;
  readonly operator: RunningOperator;
  /** Every line that operators of this act logged. */
  readonly log: readonly string[];
  begin(): Promise<void>;
  end(): Promise<void>;
  /** The operator, after it was stopped. */
  startAgain(): void;
  /** Two published pods. */
  two(): Promise<void>;
}

/** The stage lives as long as the tests of this file. */
export function turnActsOn(options: { readonly nodes: number }): TurnActs {
  let stage: KubeStage;
  let nodes: FakeTurnNodes;
  let edge: LiveTurn;
  let operator: RunningOperator;
  let count = 0;
  const log: string[] = [];
  beforeAll(async () => {
    stage = await startKubeStage(options);
    nodes = await startFakeTurnNodes(stage.kube, stage.fakes.nodes);
  }, 120_000);
  afterAll(async () => {
    await nodes.stop();
    await stage.close();
  }, 60_000);
  const start = (): RunningOperator =>
    startOperator(
      stage.proxy.kubeconfig,
      { 'watch-namespaces': edge.namespace },
      { allocate: nodes.allocate, onLog: (line) => log.push(line) },
    );
  return {
    get stage() {
      return stage;
    },
    get nodes() {
      return nodes;
    },
    get edge() {
      return edge;
    },
    get operator() {
      return operator;
    },
    log,
    async begin() {
      const namespace = `turn-${++count}`;
      await stage.createNamespace(namespace);
      log.splice(0);
      edge = liveTurn(stage.kube, namespace, base);
      operator = start();
    },
    async end() {
      for (const coturn of nodes.coturns.values()) Object.assign(coturn, { allocations: 0, answers: true });
      try {
        await edge.apply({ deletionPolicy: 'Immediate' });
        await edge.remove();
        await edge.untilGone();
        await edge.untilPods(0);
      } finally {
        await operator.stop();
      }
    },
    startAgain() {
      operator = start();
    },
    async two() {
      await edge.apply({});
      await edge.untilPods(2, published);
      await edge.untilCondition('Ready', /^True/);
    },
  };
}

/** Names of the nodes that pods are on. */
export const nodesOf = (pods: readonly KubeObject[]): (string | undefined)[] =>
  pods.map((pod) => (pod['spec'] as { readonly nodeName?: string }).nodeName);
