/** One RTCCluster in a simulated API server, and the real reconciler over it, until it has nothing left to do. */
import { rtcClusterSchema, type RtcCluster } from '../../../operator/api/rtccluster.ts';
import type { Facts } from '../../../operator/fleet/pod.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { createReconciler } from '../../../operator/reconcile/reconcile.ts';
import { createMemory, type Memory } from '../../../operator/reconcile/memory.ts';
import { SimApiServer } from '../../scenarios/sim/apiServer.ts';
import { nowMs } from '../../support/pods.ts';
import { quietDeps, readerOf, resourceOf, settled, storesOf } from './simulated.ts';
import { nodesOf, sfuImage, type PodPlan, type Situation } from './situation.ts';

/** The cluster's key. */
const key = { namespace: 'mattermost', name: 'calls' };

type Spec = Readonly<Record<string, unknown>>;

/** See the file comment. */
export interface World {
  /** Edits the spec as a person would, then settles. */
  settleWith(spec: Spec): Promise<unknown>;
  /** Reconciles until nothing is written any more; what is there then, without what differs from run to run. */
  settle(): Promise<unknown>;
}

/** A world in which `situation` holds and the spec is `spec`. */
export function createWorld(spec: Spec, situation: Situation): World {
  const server = new SimApiServer(() => nowMs);
  const object = clusterObject(spec, situation);
  server.create(resources.rtcclusters, object);
  const cluster = rtcClusterSchema.parse(server.get(resources.rtcclusters, key));
  const known = new Map<string, Facts>();
  fill(server, { cluster, situation, known });
  const steered: object[] = [];
  const memory = createMemory();
  if (situation.history !== undefined) memory.keep(cluster, { history: situation.history });
  const reconcile = reconciler(server, { facts: known, memory }, steered);
  const settle = (): Promise<unknown> => settled(server, steered, () => reconcile(key));
  return {
    settle,
    settleWith(next) {
      server.replace(resources.rtcclusters, { ...server.get(resources.rtcclusters, key), spec: next });
      return settle();
    },
  };
}

function clusterObject(spec: Spec, { metadata }: Situation): KubeObject {
  return {
    apiVersion: 'rtc.progressnet.gr/v1alpha1',
    kind: 'RTCCluster',
    metadata: { ...key, uid: 'cluster-uid', ...metadata },
    spec,
  };
}

interface Filling {
  readonly cluster: RtcCluster;
  readonly situation: Situation;
  readonly known: Map<string, Facts>;
}

function fill(server: SimApiServer, { cluster, situation, known }: Filling): void {
  const { nodes = nodesOf(3), others = noObjects, pods = noPods } = situation;
  for (const node of nodes) server.create(resources.nodes, node);
  for (const other of others(cluster)) server.create(resourceOf(other), other);
  for (const { object, facts } of pods(cluster)) {
    server.create(resources.pods, object);
    if (facts !== undefined) known.set(object.metadata.uid ?? '', facts);
  }
}

const noObjects = (): KubeObject[] => [];
const noPods = (): PodPlan[] => [];

interface Known {
  readonly facts: ReadonlyMap<string, Facts>;
  readonly memory: Memory;
}

function reconciler(
  server: SimApiServer,
  { facts: known, memory }: Known,
  steered: object[],
): ReturnType<typeof createReconciler> {
  return createReconciler({
    ...quietDeps(server, known, steered),
    stores: storesOf(server),
    turn: {
      availability: () => 'Served',
      servers: readerOf(server, resources.turnservers),
      secrets: readerOf(server, resources.secrets),
    },
    config: { sfuImage, clusterDomain: 'cluster.local', pollPeriodMs: 0 },
    memory,
    nameFactsOf: () => undefined,
    sfuPods: () => server.list(resources.pods),
  });
}
