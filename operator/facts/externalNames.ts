/** RTCClusters → the names that Mattermosts outside find them by. PURE. */
import type { KubeObject } from '../kube/api.ts';
import { keyText } from '../kube/store.ts';
import type { WatchedName } from './nameWatch.ts';

/** Read from the objects as they are: one that is invalid otherwise still has its name. */
export function externalNames(clusters: readonly KubeObject[]): WatchedName[] {
  return clusters.flatMap((object) => {
    const { discovery } = (object['spec'] ?? {}) as {
      readonly discovery?: { readonly external?: { readonly hostname?: string } };
    };
    const hostname = discovery?.external?.hostname;
    return hostname === undefined ? [] : [{ cluster: keyText(object.metadata), hostname }];
  });
}
