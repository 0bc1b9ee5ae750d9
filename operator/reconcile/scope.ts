/** The stores of one watched namespace, or of all, what fills them, and whom their changes concern. */
import { labels } from '../desired/names.ts';
import type { KubeObject, Selection } from '../kube/api.ts';
import * as resources from '../kube/resources.ts';
import { createStore, type Store } from '../kube/store.ts';
import { trimMetadata, trimPod, type Trim } from '../kube/trim.ts';
import type { BindingMirrors } from './bindingMirrors.ts';
import { labelledKeys, ownKeys } from './keys.ts';
import { reflect, reflectOptional, type Mirror, type MirrorDeps } from './mirror.ts';
import type { Stores } from './observe.ts';
import type { OptionalMirror } from './optionalMirror.ts';

/** What they are made of. */
export interface ScopeDeps extends MirrorDeps {
  /** Called with the queue key of each RTCCluster that a change concerns. */
  readonly onChange: (key: string) => void;
  /** Called when an SFU pod changed. */
  readonly onPod: () => void;
}

/** Those of the kinds that are always there. */
export type CoreStores = { readonly [K in Exclude<keyof Stores, 'certificates' | 'bindings'>]: Store };

/** See the file comment. */
export interface Scope extends CoreStores {
  readonly certificates: OptionalMirror;
  /** The same for all. */
  readonly bindings: BindingMirrors;
}

const podsOfOurs = `${labels.role}=sfu`;

/** Empty; empty text: of all namespaces. */
export function emptyScope(
  deps: ScopeDeps,
  scope: string,
  common: Pick<Scope, 'nodes' | 'namespaces' | 'bindings'>,
): Scope {
  const { log } = deps;
  const byCluster = (): Store => createStore({ indexLabels: [labels.cluster], log });
  const clusters = createStore({ log });
  return {
    clusters,
    pods: byCluster(),
    services: byCluster(),
    configMaps: byCluster(),
    secrets: byCluster(),
    budgets: byCluster(),
    revisions: byCluster(),
    certificates: reflectOptional(deps, resources.certificates, {
      store: byCluster(),
      selection: selectionIn(scope, labels.cluster),
      onChange: () =>
        clusters
          .all()
          .flatMap((current) => ownKeys({ current }))
          .forEach(deps.onChange),
    }),
    ...common,
  };
}

function selectionIn(scope: string, labelSelector?: string): Selection {
  return {
    ...(scope !== '' && { namespace: scope }),
    ...(labelSelector !== undefined && { labelSelector }),
  };
}

/** What fills them; nobody can do without. */
export function namespaceMirrors(deps: ScopeDeps, scope: string, stores: CoreStores): Mirror[] {
  const within = (labelSelector?: string): Selection => selectionIn(scope, labelSelector);
  const ours = within(labels.cluster);
  return [
    reflect(deps, resources.rtcclusters, { store: stores.clusters, selection: within() }),
    reflect(deps, resources.pods, { store: stores.pods, selection: within(podsOfOurs), trim: trimPod }),
    reflect(deps, resources.services, { store: stores.services, selection: ours }),
    reflect(deps, resources.configMaps, { store: stores.configMaps, selection: ours }),
    reflect(deps, resources.secrets, { store: stores.secrets, selection: ours }),
    reflect(deps, resources.podDisruptionBudgets, { store: stores.budgets, selection: ours }),
    reflect(deps, resources.controllerRevisions, { store: stores.revisions, selection: ours }),
  ];
}

/** Wakes the RTCClusters that their changes concern. */
export function listenIn(stores: Scope, { onChange, onPod }: ScopeDeps): void {
  stores.clusters.subscribe((change) => ownKeys(change).forEach(onChange));
  const { pods, services, configMaps, secrets, budgets, revisions, certificates } = stores;
  const children = [pods, services, configMaps, secrets, budgets, revisions, certificates.store];
  for (const store of children) store.subscribe((change) => labelledKeys(change).forEach(onChange));
  stores.pods.subscribe(onPod);
}

/** Keeps what a write of ours gave back, where objects of its kind are, trimmed as they are. */
export function noteIn(stores: Scope, object: KubeObject): void {
  const kept: Readonly<Record<string, { readonly store: Store; readonly trim: Trim }>> = {
    RTCCluster: { store: stores.clusters, trim: trimMetadata },
    Pod: { store: stores.pods, trim: trimPod },
    Service: { store: stores.services, trim: trimMetadata },
    ConfigMap: { store: stores.configMaps, trim: trimMetadata },
    Secret: { store: stores.secrets, trim: trimMetadata },
    ControllerRevision: { store: stores.revisions, trim: trimMetadata },
    PodDisruptionBudget: { store: stores.budgets, trim: trimMetadata },
    Certificate: { store: stores.certificates.store, trim: trimMetadata },
  };
  const place = kept[object.kind];
  place?.store.noteWrite(place.trim(object));
}
