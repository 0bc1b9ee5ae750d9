/** What the operator sees of a simulated API server, and how it writes there: nothing in between, and always up to date. */
import { labels } from '../../../operator/desired/names.ts';
import type { Facts } from '../../../operator/fleet/pod.ts';
import type { KubeApi, KubeObject, Resource } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import type { StoreReader } from '../../../operator/kube/store.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import type { Stores } from '../../../operator/reconcile/observe.ts';
import type { ReconcilerDeps } from '../../../operator/reconcile/reconcile.ts';
import type { TurnReconcilerDeps } from '../../../operator/reconcile/turn/reconcile.ts';
import type { SimApiServer } from '../../scenarios/sim/apiServer.ts';
import { nowMs } from '../../support/pods.ts';

/** By the kind of an object. */
export function resourceOf({ kind }: KubeObject): Resource {
  const found = Object.values(resources).find(
    (value): value is Resource => 'plural' in value && value.kind === kind,
  );
  if (found === undefined) throw new TypeError(`there is no resource for kind ${kind}`);
  return found;
}

/** All that there is, as any reconcile finds it. */
export function storesOf(server: SimApiServer): Stores {
  const reader = (resource: Resource): StoreReader => readerOf(server, resource);
  return {
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
  };
}

type QuietDeps = Pick<
  ReconcilerDeps & TurnReconcilerDeps,
  | 'kube'
  | 'log'
  | 'onWritten'
  | 'factsOf'
  | 'canReadNodes'
  | 'steer'
  | 'look'
  | 'record'
  | 'report'
  | 'refuse'
  | 'note'
  | 'forget'
  | 'random'
  | 'wallMs'
>;

/** What a reconciler of either kind is made of, where nobody listens. `steered` takes what pods are told. */
export function quietDeps(
  server: SimApiServer,
  known: ReadonlyMap<string, Facts>,
  steered: object[],
): QuietDeps {
  return {
    kube: directKube(server),
    log: silentLog,
    onWritten: () => undefined,
    factsOf: (uid: string) => known.get(uid),
    canReadNodes: () => true,
    steer: (uid: string, isDraining: boolean) => {
      steered.push({ uid, isDraining });
      return Promise.resolve();
    },
    look: () => undefined,
    record: () => undefined,
    report: () => undefined,
    refuse: () => undefined,
    note: () => undefined,
    forget: () => undefined,
    random: (bytes: number) => `random-${bytes}`,
    wallMs: () => nowMs,
  };
}

/** Looks until nothing is written any more. Gives what is there then, what pods were told at last, and when to look again. */
export async function settled(
  server: SimApiServer,
  steered: object[],
  look: () => Promise<{ readonly requeueAfterMs?: number }>,
): Promise<unknown> {
  let lookAgainMs: number | undefined;
  for (let left = 20, last = -1; server.revision !== last; left -= 1) {
    if (left === 0) throw new Error('the operator never comes to rest');
    last = server.revision;
    steered.length = 0;
    lookAgainMs = (await look()).requeueAfterMs;
  }
  return { objects: lasting(server), steered: [...steered], lookAgainMs };
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
