import { expect, test } from '@jest/globals';
import { turnService } from '../../../operator/desired/turn/services.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { isEqual, owned } from '../../../operator/reconcile/owned.ts';
import { aTurnServer } from '../../support/turnservers.ts';

const balanced = turnService(aTurnServer({ network: { mode: 'LoadBalancer' } })) as KubeObject;

/** As the API server gives it back: with an address of its own and a port on each node. */
function allocated(service: KubeObject, ports: readonly object[]): KubeObject {
  const given = { clusterIP: '10.0.0.7', clusterIPs: ['10.0.0.7'], ports };
  return { ...service, spec: { ...(service['spec'] as object), ...given } };
}

const portsOf = (service: KubeObject): readonly object[] =>
  (service['spec'] as { readonly ports: readonly object[] }).ports;

test('a Service of type LoadBalancer is as wanted, whatever address and node ports it was given', () => {
  const given = portsOf(balanced).map((port, at) => ({ ...port, nodePort: 30_000 + at }));
  expect(isEqual(owned(allocated(balanced, given)), owned(balanced))).toBe(true);
});

test('a Service with another port, or that is not headless any more, is not as wanted', () => {
  const headless = turnService(aTurnServer()) as KubeObject;
  const other = portsOf(balanced).map((port) => ({ ...port, port: 1 }));
  expect(isEqual(owned(allocated(balanced, other)), owned(balanced))).toBe(false);
  expect(isEqual(owned(allocated(headless, portsOf(headless))), owned(headless))).toBe(false);
});
