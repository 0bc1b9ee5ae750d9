/** Where a request goes: Kubernetes API conventions, "Resource URIs". */
import type { Resource, Selection } from './api.ts';

/** What a URL names below a kind. */
export interface Target {
  /** Absent: all namespaces, or a kind without namespaces. */
  readonly namespace?: string | undefined;
  /** Absent: the collection. */
  readonly name?: string;
  readonly subresource?: string | undefined;
}

/** `/apis/apps/v1/namespaces/ns/deployments/name/status`, each part escaped. */
export function pathOf(resource: Resource, target: Target): string {
  const root = resource.group === '' ? ['api'] : ['apis', resource.group];
  const namespace = resource.namespaced ? target.namespace : undefined;
  return [
    '',
    ...root,
    resource.version,
    ...(namespace === undefined ? [] : ['namespaces', encodeURIComponent(namespace)]),
    resource.plural,
    ...(target.name === undefined ? [] : [encodeURIComponent(target.name)]),
    ...(target.subresource === undefined ? [] : [target.subresource]),
  ].join('/');
}

/** `?a=1&b=2` without the absent ones; empty when all are absent. */
export function queryOf(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}

/** The selectors of a LIST or WATCH as query parameters. */
export function selectorsOf(selection: Selection): Record<string, string | undefined> {
  return { labelSelector: selection.labelSelector, fieldSelector: selection.fieldSelector };
}

/** `pods mattermost/calls-1`, `rtcclusters/status mattermost/calls`: a target for people. */
export function describe(resource: Resource, key: Target): string {
  const name = [key.namespace, key.name].filter((part) => part !== undefined).join('/');
  const kind = key.subresource === undefined ? resource.plural : `${resource.plural}/${key.subresource}`;
  return name === '' ? kind : `${kind} ${name}`;
}
