/** The end of the operator itself: RTCClusters and TurnServers are let go, so that whoever deletes one later need not wait for an operator. */
import { finalizer } from './desired/names.ts';
import type { KubeApi, KubeObject, Resource } from './kube/api.ts';
import { listAll } from './kube/listAll.ts';
import { rtcclusters, turnservers } from './kube/resources.ts';
import type { Log } from './ops/logger.ts';

/** What letting go needs. */
export interface ReleaseDeps {
  readonly kube: Pick<KubeApi, 'list' | 'mergePatch'>;
  readonly log: Log;
  /** Empty: all namespaces. */
  readonly namespaces: readonly string[];
}

/** Takes our finalizer off everything of our kinds. Their pods go on; deleted, they drain within their own grace. */
export async function releaseAll(deps: ReleaseDeps): Promise<void> {
  for (const resource of [rtcclusters, turnservers])
    for (const object of await listAll(deps.kube, resource, deps)) await release(deps, resource, object);
}

async function release(
  { kube, log }: ReleaseDeps,
  resource: Resource,
  { metadata }: KubeObject,
): Promise<void> {
  const { name, namespace = '', uid, resourceVersion, finalizers = [] } = metadata;
  if (!finalizers.includes(finalizer)) return;
  const others = finalizers.filter((one) => one !== finalizer);
  await kube.mergePatch(
    resource,
    { namespace, name },
    { metadata: { uid, resourceVersion, finalizers: others } },
  );
  log.info({ kind: resource.kind, namespace, name, audit: 'Released', by: 'uninstall' }, 'Audit');
}
