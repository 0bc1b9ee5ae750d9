/** Acts of a TurnServer `edge` on a stage: each has a namespace and an operator of its own. */
import { afterAll, beforeAll } from '@jest/globals';
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { eventually } from '../../support/eventually.ts';
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
  /** As a person would; null takes one away. */
  annotatePod(pod: KubeObject, notes: Readonly<Record<string, string | null>>): Promise<void>;
  /** Waits until a reconcile changes nothing of this TurnServer, not even its status. */
  untilRest(): Promise<void>;
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
        await edge.remove(true);
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
    async annotatePod({ metadata }, notes) {
      const key = { namespace: edge.namespace, name: metadata.name };
      await stage.kube.mergePatch(resources.pods, key, { metadata: { annotations: notes } });
    },
    async untilRest() {
      let nudges = 0;
      await eventually(async () => {
        const before = await versionsIn(stage, edge.namespace);
        const looks = await operator.reconciles();
        await edge.annotate({ nudge: String(++nudges) });
        await eventually(async () => ((await operator.reconciles()) > looks ? undefined : 'not looked at'));
        const after = await versionsIn(stage, edge.namespace);
        const changed = [...after].filter(([object, version]) => before.get(object) !== version);
        return changed.length === 0 && before.size === after.size ? undefined : `changed: ${changed.join()}`;
      });
    },
  };
}

/** Of the TurnServer only its status counts: the rest of it is written by the test. */
async function versionsIn(stage: KubeStage, namespace: string): Promise<Map<string, string | undefined>> {
  const kinds = [
    ...[resources.turnservers, resources.pods, resources.secrets, resources.configMaps],
    ...[resources.services, resources.podDisruptionBudgets],
  ];
  const found = await Promise.all(
    kinds.map(async (kind) => {
      const { items } = await stage.kube.list(kind, { namespace, limit: 100 });
      return items.map((object): [string, string | undefined] => [
        `${kind.plural}/${object.metadata.name}`,
        kind === resources.turnservers ? JSON.stringify(object['status']) : object.metadata.resourceVersion,
      ]);
    }),
  );
  return new Map(found.flat());
}

/** Names of the nodes that pods are on. */
export const nodesOf = (pods: readonly KubeObject[]): (string | undefined)[] =>
  pods.map((pod) => (pod['spec'] as { readonly nodeName?: string }).nodeName);
