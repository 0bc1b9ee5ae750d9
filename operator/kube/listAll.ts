/** Every object of a kind, page by page. */
import type { KubeApi, KubeObject, Resource, Selection } from './api.ts';
import { NotFoundError } from './errors.ts';

const pageSize = 100;

/** All that a selection names. Rejects with a NotFoundError where there is no such kind. */
export async function listSelected(
  kube: Pick<KubeApi, 'list'>,
  resource: Resource,
  selection: Selection,
): Promise<KubeObject[]> {
  const found: KubeObject[] = [];
  let continueToken = '';
  do {
    const more = continueToken === '' ? {} : { continueToken };
    const page = await kube.list(resource, { ...selection, limit: pageSize, ...more });
    found.push(...page.items);
    ({ continueToken } = page);
  } while (continueToken !== '');
  return found;
}

/** `namespaces`: empty means all. None where there is no such kind. */
export async function listAll(
  kube: Pick<KubeApi, 'list'>,
  resource: Resource,
  { namespaces, labelSelector }: { readonly namespaces: readonly string[]; readonly labelSelector?: string },
): Promise<KubeObject[]> {
  const found: KubeObject[] = [];
  try {
    for (const namespace of namespaces.length === 0 ? [undefined] : namespaces)
      found.push(
        ...(await listSelected(kube, resource, {
          ...(labelSelector !== undefined && { labelSelector }),
          ...(namespace !== undefined && { namespace }),
        })),
      );
    return found;
  } catch (error) {
    if (error instanceof NotFoundError) return found;
    throw error;
  }
}
