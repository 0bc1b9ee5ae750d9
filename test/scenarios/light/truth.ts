/** What the API server itself says, asked at the moments that count: the operator's view and the nodes' lag behind. */
import type { KubeApi, KubeObject, Resource } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { keyText } from '../../../operator/kube/store.ts';
import { isSelected } from '../sim/objects.ts';
import type { Watched } from '../sim/scenes.ts';
import type { Place } from './place.ts';

/** See the file comment. */
export interface Truth {
  readonly server: Watched['server'];
  /** Asks again. */
  refresh(): Promise<void>;
}

const kinds = [
  resources.pods,
  resources.services,
  resources.secrets,
  resources.rtcclusters,
  resources.nodes,
] as const;
type Listener = Parameters<Watched['server']['subscribe']>[0];

/** Knows nothing before the first `refresh`. */
export function createTruth(kube: KubeApi, { namespace, nodeSelector }: Place): Truth {
  const objects = new Map<string, ReadonlyMap<string, KubeObject>>();
  const listeners: Listener[] = [];
  const ofKind = ({ plural }: Resource): ReadonlyMap<string, KubeObject> => objects.get(plural) ?? new Map();
  const take = (resource: Resource, items: readonly KubeObject[]): void => {
    const before = ofKind(resource);
    objects.set(resource.plural, new Map(items.map((object) => [keyText(object.metadata), object])));
    for (const object of items) {
      const known = before.get(keyText(object.metadata));
      if (known?.metadata.resourceVersion !== object.metadata.resourceVersion)
        listeners.forEach((tell) => tell({ type: known ? 'MODIFIED' : 'ADDED', resource, object }));
    }
  };
  return {
    server: {
      get nowMs() {
        return Date.now();
      },
      list: (resource, selector) =>
        [...ofKind(resource).values()].filter((object) => isSelected(object, selector)),
      find: (resource, key) => ofKind(resource).get(keyText(key)),
      subscribe: (listener) => void listeners.push(listener),
    },
    async refresh() {
      const lists = await Promise.all(
        kinds.map((resource) => {
          const selection = resource.namespaced ? { namespace } : { labelSelector: nodeSelector };
          return kube.list(resource, { ...selection, limit: 500 });
        }),
      );
      kinds.forEach((resource, index) => take(resource, lists[index]?.items ?? []));
    },
  };
}
