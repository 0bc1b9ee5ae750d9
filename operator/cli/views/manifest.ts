/** PURE: an object and a manifest of it → the object as it will be. */
import type { KubeObject } from '../../kube/api.ts';

/** The same with the spec of the manifest; what the API server sets stays. Throws a RangeError when it is another object. */
export function changedBy(object: KubeObject, manifest: unknown): KubeObject {
  const given = manifestOf(object, manifest);
  return { ...object, metadata: metadataOf(object, given.metadata), spec: given['spec'] };
}

function manifestOf(object: KubeObject, manifest: unknown): KubeObject {
  const wanted = nameIn(object, object);
  const given = (manifest ?? {}) as KubeObject;
  const found = nameIn(given, object);
  if (found === wanted) return given;
  throw new RangeError(`The file must hold ${wanted}; it holds ${found}`);
}

/** A manifest without a namespace means the one that was asked about. */
function nameIn({ kind, metadata }: Partial<KubeObject>, { metadata: asked }: KubeObject): string {
  return `${kind ?? 'nothing'} ${metadata?.namespace ?? asked.namespace ?? ''}/${metadata?.name ?? ''}`;
}

function metadataOf({ metadata }: KubeObject, given: KubeObject['metadata']): KubeObject['metadata'] {
  return {
    ...metadata,
    generation: (metadata.generation ?? 0) + 1,
    labels: { ...metadata.labels, ...given.labels },
    annotations: { ...metadata.annotations, ...given.annotations },
  };
}
