/** What tests of the chart look for in its objects, and which rights nobody uses there. */
import type { KubeObject } from '../../operator/kube/api.ts';
import * as resources from '../../operator/kube/resources.ts';

/** The rights of the operator, not those of people. */
export const isOperatorsRole = ({ kind, metadata }: KubeObject): boolean =>
  kind === 'ClusterRole' && metadata.name === 'rtc-rtc-operator';

/** Names of those of a kind. */
export const ofKind = (objects: readonly KubeObject[], kind: string): string[] =>
  objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);

/** The pod that an object starts. Undefined: it starts none. */
export function podOf(object: KubeObject): object | undefined {
  return object.kind === 'Pod' ? object : (object['spec'] as { template?: object } | undefined)?.template;
}

/** Needed although no request here is called so. */
export const unusable = [
  'update rtcclusters/finalizers', // Asked for by OwnerReferencesPermissionEnforcement, which not every API server has on.
  'update turnservers/finalizers',
  'create services', // An apply that creates is a patch on the wire.
  'create configmaps',
  'create poddisruptionbudgets',
  'delete controllerrevisions', // Only of the eleventh revision, or of a cluster that had the same name.
  'create certificates',
  'patch events', // Only for what happens again and again.
];

/** Rights that the chart gives, and that none of these requests needed. */
export function unused(used: readonly string[]): string[] {
  return [...resources.rights, ...resources.bindingRights]
    .flatMap(({ resource, subresource, verbs }) => {
      const name = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
      return verbs.map((verb) => `${verb} ${name}`);
    })
    .filter((right) => !used.includes(right));
}
