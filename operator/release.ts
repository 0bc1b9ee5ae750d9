/** The end of the operator itself: RTCClusters are let go, so that whoever deletes one later need not wait for an operator. */
import { finalizer } from './desired/names.ts';
import type { KubeApi, KubeObject } from './kube/api.ts';
import { NotFoundError } from './kube/errors.ts';
import { rtcclusters } from './kube/resources.ts';
import type { Log } from './ops/logger.ts';

/** What letting go needs. */
export interface ReleaseDeps {
  readonly kube: Pick<KubeApi, 'list' | 'mergePatch'>;
  readonly log: Log;
  /** Empty: all namespaces. */
  readonly namespaces: readonly string[];
}

const pageSize = 100;

/** Takes our finalizer off every RTCCluster. Their pods go on; deleted, they drain within their own grace. */
export async function releaseClusters({ kube, log, namespaces }: ReleaseDeps): Promise<void> {
  for (const namespace of namespaces.length === 0 ? [undefined] : namespaces)
    for (const cluster of await clustersIn(kube, namespace)) {
      const { name, namespace: place = '', uid, resourceVersion, finalizers = [] } = cluster.metadata;
      if (!finalizers.includes(finalizer)) continue;
      const others = finalizers.filter((one) => one !== finalizer);
      const metadata = { uid, resourceVersion, finalizers: others };
      await kube.mergePatch(rtcclusters, { namespace: place, name }, { metadata });
      log.info({ namespace: place, name, audit: 'Released', by: 'uninstall' }, 'Audit');
    }
}

/** None where there is no such kind any more. */
async function clustersIn(kube: ReleaseDeps['kube'], namespace: string | undefined): Promise<KubeObject[]> {
  const found: KubeObject[] = [];
  const selection = { limit: pageSize, ...(namespace !== undefined && { namespace }) };
  try {
    for (let continueToken = ''; ;) {
      const page = await kube.list(rtcclusters, {
        ...selection,
        ...(continueToken !== '' && { continueToken }),
      });
      found.push(...page.items);
      continueToken = page.continueToken;
      if (continueToken === '') return found;
    }
  } catch (error) {
    if (error instanceof NotFoundError) return found;
    throw error;
  }
}
