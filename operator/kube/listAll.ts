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
  for await (const items of pages(kube, resource, { ...selection, limit: pageSize })) found.push(...items);
  return found;
}

/** `namespaces`: empty means all. None where there is no such kind. */
export async function listAll(
  kube: Pick<KubeApi, 'list'>,
  resource: Resource,
  { namespaces, labelSelector }: { readonly namespaces: readonly string[]; readonly labelSelector?: string },
): Promise<KubeObject[]> {
  const found: KubeObject[] = [];
  const selection = { limit: pageSize, ...(labelSelector !== undefined && { labelSelector }) };
  try {
    for (const namespace of namespaces.length === 0 ? [undefined] : namespaces)
      for await (const items of pages(kube, resource, {
        ...selection,
        ...(namespace !== undefined && { namespace }),
      }))
        found.push(...items);
    return found;
  } catch (error) {
    if (error instanceof NotFoundError) return found;
    throw error;
  }
}

async function* pages(
  kube: Pick<KubeApi, 'list'>,
  resource: Resource,
  selection: Parameters<KubeApi['list']>[1],
): AsyncGenerator<readonly KubeObject[]> {
  let continueToken = '';
  do {
    const page = await kube.list(resource, { ...selection, ...(continueToken !== '' && { continueToken }) });
    yield page.items;
    continueToken = page.continueToken;
  } while (continueToken !== '');
}
