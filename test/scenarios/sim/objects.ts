/** Pure: what the API server does to an object that is created, patched or applied to. */
import type { KubeObject } from '../../../operator/kube/api.ts';

type Fields = Readonly<Record<string, unknown>>;

/** RFC 7386: null removes, lists are replaced. */
export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const result: Record<string, unknown> = isFields(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = mergePatched(result[key], value);
  }
  return result;
}

/**
 * Server-side apply by one manager: what it applied before and does not any more goes, the rest of `applied` is
 * laid over the object. Lists are taken as a whole, which is true of those that we apply.
 */
export function applied(target: Fields, before: Fields, next: Fields): Fields {
  return laidOver(withoutDropped(target, before, next), next) as Fields;
}

function withoutDropped(target: Fields, before: Fields, next: Fields): Fields {
  const result: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(before)) {
    if (!(key in next)) Reflect.deleteProperty(result, key);
    else if (isFields(value) && isFields(next[key]) && isFields(result[key]))
      result[key] = withoutDropped(result[key], value, next[key]);
  }
  return result;
}

function laidOver(target: unknown, next: unknown): unknown {
  if (!isFields(target) || !isFields(next)) return next;
  return Object.entries(next).reduce<Fields>(
    (result, [key, value]) => ({ ...result, [key]: laidOver(result[key], value) }),
    target,
  );
}

/** Whether an object carries every label of a selector such as `a=b,c`. */
export function isSelected({ metadata }: KubeObject, labelSelector: string | undefined): boolean {
  if (labelSelector === undefined) return true;
  return labelSelector.split(',').every((term) => {
    const [key = '', value] = term.split('=');
    const found = metadata.labels?.[key];
    return found !== undefined && (value === undefined || found === value);
  });
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
