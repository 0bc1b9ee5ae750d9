/** One RTCCluster in a simulated API server, and the real reconciler over it, until it has nothing left to do. */
import { rtcClusterSchema, type RtcCluster } from '../../../operator/api/rtccluster.ts';
import { labels } from '../../../operator/desired/names.ts';
import type { Facts } from '../../../operator/fleet/pod.ts';
import type { KubeApi, KubeObject, Resource } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import type { StoreReader } from '../../../operator/kube/store.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import { createReconciler } from '../../../operator/reconcile/reconcile.ts';
import { createMemory, type Memory } from '../../../operator/reconcile/memory.ts';
import { SimApiServer } from '../../scenarios/sim/apiServer.ts';
import { nowMs } from '../../support/pods.ts';
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
  let lookAgainMs: number | undefined;
  const memory = createMemory();
  if (situation.history !== undefined) memory.keep(cluster, { history: situation.history });
  const reconcile = reconciler(server, { facts: known, memory }, steered);
  const settle = async (): Promise<unknown> => {
    for (let left = 20, before = -1; server.revision !== before; left -= 1) {
      if (left === 0) throw new Error('the operator never comes to rest');
      before = server.revision;
      steered.length = 0;
      lookAgainMs = (await reconcile(key)).requeueAfterMs;
    }
    return { objects: lasting(server), steered: [...steered], lookAgainMs };
  };
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

/** By the kind of an object. */
export function resourceOf({ kind }: KubeObject): Resource {
  const found = Object.values(resources).find(
    (value): value is Resource => 'plural' in value && value.kind === kind,
  );
  if (found === undefined) throw new TypeError(`there is no resource for kind ${kind}`);
  return found;
}

interface Known {
  readonly facts: ReadonlyMap<string, Facts>;
  readonly memory: Memory;
}

function reconciler(
  server: SimApiServer,
  { facts: known, memory }: Known,
  steered: object[],
): ReturnType<typeof createReconciler> {
  const reader = (resource: Resource): StoreReader => readerOf(server, resource);
  return createReconciler({
    kube: directKube(server),
    log: silentLog,
    onWritten: () => undefined,
    stores: {
      clusters: reader(resources.rtcclusters),
      pods: reader(resources.pods),
      services: reader(resources.services),
      configMaps: reader(resources.configMaps),
      secrets: reader(resources.secrets),
      budgets: reader(resources.podDisruptionBudgets),
      revisions: reader(resources.controllerRevisions),
      bindings: {
        reach: () => 'Served',
        copiesOf: ({ name }) =>
          server
            .list(resources.secrets)
            .filter(({ metadata }) => metadata.labels?.[labels.bindingCluster] === name),
      },
      certificates: { store: reader(resources.certificates), want: () => 'Served' },
      nodes: reader(resources.nodes),
      namespaces: reader(resources.namespaces),
    },
    turn: {
      availability: () => 'Served',
      servers: reader(resources.turnservers),
      secrets: reader(resources.secrets),
    },
    config: { sfuImage, clusterDomain: 'cluster.local', pollPeriodMs: 0 },
    memory,
    factsOf: (uid) => known.get(uid),
    nameFactsOf: () => undefined,
    canReadNodes: () => true,
    sfuPods: () => server.list(resources.pods),
    steer: (uid, isDraining) => {
      steered.push({ uid, isDraining });
      return Promise.resolve();
    },
    look: () => undefined,
    record: () => undefined,
    report: () => undefined,
    forget: () => undefined,
    random: (bytes) => `random-${bytes}`,
    wallMs: () => nowMs,
  });
}

/** A store that is always up to date. */
export function readerOf(server: SimApiServer, resource: Resource): StoreReader {
  return {
    get: (of) => server.find(resource, of),
    all: () => server.list(resource),
    ownedBy: (uid) =>
      server
        .list(resource)
        .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false),
    labelled: (label, value) => server.list(resource, `${label}=${value}`),
    size: () => server.list(resource).length,
  };
}

type Writes = Pick<KubeApi, 'get' | 'create' | 'apply' | 'mergePatch' | 'delete'>;

/** No network in between. */
export function directKube(server: SimApiServer): KubeApi {
  const direct: Writes = {
    get: async (resource, of) => Promise.resolve(server.get(resource, of)),
    create: async (resource, object) => Promise.resolve(server.create(resource, object)),
    apply: async (resource, object, options) => Promise.resolve(server.apply(resource, object, options)),
    mergePatch: async (resource, target, patch) =>
      Promise.resolve(server.mergePatch(resource, target, typeof patch === 'function' ? patch() : patch)),
    delete(resource, of, meant) {
      server.delete(resource, of, meant);
      return Promise.resolve();
    },
  };
  return direct as KubeApi;
}

/** Everything there is but the history of revisions, and without what the server numbers, when things happened, and the numbers of the pods. */
export function lasting(server: SimApiServer): readonly string[] {
  const kinds = Object.values(resources)
    .filter((value): value is Resource => 'plural' in value)
    .filter((resource) => resource !== resources.controllerRevisions);
  return kinds.flatMap((resource) => server.list(resource).map(withoutVolatile).toSorted());
}

const volatile = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'observedGeneration',
  'lastTransitionTime',
  'since',
  'lastScaleTime',
  'lastDecision',
]);

function withoutVolatile(object: KubeObject): string {
  return JSON.stringify(object, lastingPart, 1).replaceAll(/(calls-sfu|edge-turn)-\d+/g, '$1-N');
}

/** The order of keys says nothing. */
function lastingPart(name: string, part: unknown): unknown {
  if (volatile.has(name)) return undefined;
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
