/** Mirrors of the binding Secrets that we put into other namespaces: one for each that the chart lets us write to. */
import type { Reach } from '../desired/copyRecord.ts';
import { labels } from '../desired/names.ts';
import type { KubeObject, ObjectKey } from '../kube/api.ts';
import { secrets } from '../kube/resources.ts';
import { createStore, keyText, type StoreChange } from '../kube/store.ts';
import { trimMetadata } from '../kube/trim.ts';
import type { WatchedKind } from '../ops/metrics.ts';
import { reflectOptional, watchedIn, type MirrorDeps } from './mirror.ts';
import type { OptionalMirror } from './optionalMirror.ts';

/** What a reconcile sees of them. */
export interface BindingReader {
  reach(namespace: string): Reach;
  /** Copies of this cluster's binding, wherever they are. */
  copiesOf(cluster: ObjectKey): readonly KubeObject[];
}

/** See the file comment. */
export interface BindingMirrors extends BindingReader {
  start(): void;
  /** Keeps a copy that a write gave back; false when the object is none. */
  noteWrite(object: KubeObject): boolean;
  /** Those in reach. */
  kinds(): readonly WatchedKind[];
  close(): Promise<void>;
}

/** What they are made of. */
export interface BindingMirrorsDeps extends MirrorDeps {
  readonly namespaces: readonly string[];
  /** Called with `namespace/name` of the cluster that a change of a copy concerns. */
  readonly onChange: (cluster: string) => void;
  /** Called when a namespace came into reach, or is known to be out of it. */
  readonly onReach: () => void;
}

/** Mirrors that begin at `start()`: copies that nobody wants any more must be found, too. */
export function createBindingMirrors(deps: BindingMirrorsDeps): BindingMirrors {
  const mirrors = new Map(deps.namespaces.map((namespace) => [namespace, mirrorOf(deps, namespace)]));
  return {
    start() {
      for (const mirror of mirrors.values()) {
        mirror.store.subscribe((change) => sourceKeys(change).forEach(deps.onChange));
        mirror.want();
      }
    },
    reach: (namespace) => mirrors.get(namespace)?.want() ?? 'NotAllowed',
    copiesOf: ({ namespace = '', name }) =>
      [...mirrors.values()]
        .flatMap(({ store }) => store.labelled(labels.bindingCluster, name))
        .filter(({ metadata }) => metadata.labels?.[labels.bindingNamespace] === namespace),
    noteWrite(object) {
      if (sourceOf(object) === undefined) return false;
      mirrors.get(object.metadata.namespace ?? '')?.store.noteWrite(trimMetadata(object));
      return true;
    },
    kinds: () => watchedIn([...mirrors.values()]),
    close: async () => {
      await Promise.all([...mirrors.values()].map((mirror) => mirror.close()));
    },
  };
}

function mirrorOf(deps: BindingMirrorsDeps, namespace: string): OptionalMirror {
  const store = createStore({ indexLabels: [labels.bindingCluster], log: deps.log });
  const selection = { namespace, labelSelector: labels.bindingCluster };
  return reflectOptional(deps, secrets, { store, selection, onChange: deps.onReach });
}

/** A changed copy concerns the cluster it is of; both when the labels moved. */
function sourceKeys({ previous, current }: StoreChange): string[] {
  return [...new Set([previous, current].flatMap((object) => (object && sourceOf(object)) ?? []))];
}

function sourceOf({ metadata }: KubeObject): string | undefined {
  const namespace = metadata.labels?.[labels.bindingNamespace];
  const name = metadata.labels?.[labels.bindingCluster];
  return namespace === undefined || name === undefined ? undefined : keyText({ namespace, name });
}
