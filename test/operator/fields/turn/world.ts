/** One TurnServer in a simulated API server, and the real reconciler over it, until it has nothing left to do. */
import { turnServerSchema } from '../../../../operator/api/turnserver.ts';
import { labels } from '../../../../operator/desired/names.ts';
import type { Facts } from '../../../../operator/fleet/pod.ts';
import type { Resource } from '../../../../operator/kube/api.ts';
import * as resources from '../../../../operator/kube/resources.ts';
import type { StoreReader } from '../../../../operator/kube/store.ts';
import { silentLog } from '../../../../operator/ops/logger.ts';
import { createMemory } from '../../../../operator/reconcile/memory.ts';
import { reconcileTurn, type TurnReconcilerDeps } from '../../../../operator/reconcile/turn/reconcile.ts';
import { SimApiServer } from '../../../scenarios/sim/apiServer.ts';
import { before, nowMs } from '../../../support/pods.ts';
import { nodesOf } from '../situation.ts';
import { directKube, lasting, readerOf, resourceOf, type World } from '../world.ts';
import type { TurnSituation } from './situation.ts';

const key = { namespace: 'mattermost', name: 'edge' };

type Spec = Readonly<Record<string, unknown>>;

/** A world in which `situation` holds and the spec is `spec`. */
export function createTurnWorld(spec: Spec, situation: TurnSituation): World {
  const api = new SimApiServer(() => nowMs);
  const object = {
    apiVersion: 'rtc.progressnet.gr/v1alpha1',
    kind: 'TurnServer',
    metadata: { ...key, uid: 'turn-uid' },
    spec,
  };
  api.create(resources.turnservers, object);
  const server = turnServerSchema.parse(api.get(resources.turnservers, key));
  const known = new Map<string, Facts>();
  for (const node of situation.nodes ?? nodesOf(3)) api.create(resources.nodes, node);
  for (const other of situation.others?.(server) ?? []) api.create(resourceOf(other), other);
  for (const { object: pod, facts } of situation.pods?.(server) ?? []) {
    api.create(resources.pods, pod);
    known.set(pod.metadata.uid ?? '', facts);
  }
  const steered: object[] = [];
  const deps = depsOf(api, known, steered);
  let lookAgainMs: number | undefined;
  const settle = async (): Promise<unknown> => {
    for (let left = 20, last = -1; api.revision !== last; left -= 1) {
      if (left === 0) throw new Error('the operator never comes to rest');
      last = api.revision;
      steered.length = 0;
      lookAgainMs = (await reconcileTurn(key, deps)).requeueAfterMs;
    }
    return { objects: lasting(api), steered: [...steered], lookAgainMs };
  };
  return {
    settle,
    settleWith(next) {
      api.replace(resources.turnservers, { ...api.get(resources.turnservers, key), spec: next });
      return settle();
    },
  };
}

function depsOf(api: SimApiServer, known: ReadonlyMap<string, Facts>, steered: object[]): TurnReconcilerDeps {
  const reader = (resource: Resource): StoreReader => readerOf(api, resource);
  const children = {
    pods: reader(resources.pods),
    services: reader(resources.services),
    configMaps: reader(resources.configMaps),
    secrets: reader(resources.secrets),
    budgets: reader(resources.podDisruptionBudgets),
    certificates: { store: reader(resources.certificates), want: () => 'Served' as const },
  };
  return {
    kube: directKube(api),
    log: silentLog,
    onWritten: () => undefined,
    operatorsImage: 'operator',
    memory: createMemory(),
    stores: { ...children, servers: reader(resources.turnservers) },
    around: {
      ...children,
      clusters: reader(resources.rtcclusters),
      revisions: reader(resources.controllerRevisions),
      bindings: {
        reach: () => 'Served',
        copiesOf: ({ name }) =>
          api
            .list(resources.secrets)
            .filter(({ metadata }) => metadata.labels?.[labels.bindingCluster] === name),
      },
      nodes: reader(resources.nodes),
      namespaces: reader(resources.namespaces),
    },
    factsOf: (uid) => known.get(uid),
    canReadNodes: () => true,
    ourPods: () => api.list(resources.pods),
    consumersOf: () => ({
      consumers: [{ name: 'mattermost/app-0', startedMs: before(1000) }],
      unseen: [],
    }),
    steer: (uid, isDraining) => {
      steered.push({ uid, isDraining });
      return Promise.resolve();
    },
    look: () => undefined,
    record: () => undefined,
    report: () => undefined,
    forget: () => undefined,
    spareSecret: () => 'spare-secret',
    random: (bytes) => `random-${bytes}`,
    wallMs: () => nowMs,
  };
}
