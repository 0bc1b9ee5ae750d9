/** Kinds as kubectl is told of them, from the operator's own table. */
import type { Resource } from '../../operator/kube/api.ts';
import { configMaps, podDisruptionBudgets, pods, secrets, services } from '../../operator/kube/resources.ts';
import type { ToolRunner } from '../../test/cluster/toolRunner.ts';

/** `turnservers.rtc.progressnet.gr`: also the name of a kind's CustomResourceDefinition. */
export function fullName({ plural, group }: Resource): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** What a TurnServer without a certificate of cert-manager consists of, for `kubectl delete`. */
export const turnParts = [pods, services, configMaps, secrets, podDisruptionBudgets].map(fullName).join();

/** Whether somebody has such an object of ours; without its CustomResourceDefinition nobody can. */
export async function isThere(tools: ToolRunner, resource: Resource, name: string): Promise<boolean> {
  const find = async (...what: string[]): Promise<boolean> =>
    (await tools.kubectl('get', ...what, '--ignore-not-found', '-o', 'name')) !== '';
  const kind = fullName(resource);
  return (await find('crd', kind)) && (await find(kind, name));
}
