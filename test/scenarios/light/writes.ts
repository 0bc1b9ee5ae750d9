/** A request that went through the proxy as the oracle of the simulation knows writes. */
import type { KubeObject, Resource } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { keyText } from '../../../operator/kube/store.ts';
import type { ApiCall } from '../../cluster/apiCall.ts';
import type { Write } from '../sim/connection.ts';

/** Undefined for what the operator has no right to anyway. */
export function writeOf(call: ApiCall, body: unknown): Write | undefined {
  const [plural, subresource] = call.resource.split('/');
  const resource = Object.values(resources).find((one): one is Resource => isNamed(one, plural ?? ''));
  if (resource === undefined) return undefined;
  const name = call.name === '' ? (body as KubeObject).metadata.name : call.name;
  return {
    verb: call.verb as Write['verb'],
    resource,
    ...(subresource === 'status' && { subresource }),
    key: keyText(call.namespace === '' ? { name } : { namespace: call.namespace, name }),
    body: call.verb === 'delete' ? meantBy(body) : body,
  };
}

function isNamed(value: unknown, plural: string): boolean {
  return typeof value === 'object' && value !== null && 'plural' in value && value.plural === plural;
}

/** meta/v1 DeleteOptions → what a delete means. */
function meantBy(body: unknown): unknown {
  const { preconditions, gracePeriodSeconds } = (body ?? {}) as {
    readonly preconditions?: object;
    readonly gracePeriodSeconds?: number;
  };
  return { ...preconditions, ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }) };
}
