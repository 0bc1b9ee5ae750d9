import { describe, expect, test } from '@jest/globals';
import { admissionReason } from '../../../../operator/desired/admission.ts';
import { podSecurityCompatible } from '../../../../operator/desired/conditions/admission.ts';
import { apiExposureSafe } from '../../../../operator/desired/conditions/exposure.ts';
import type { ConditionInput } from '../../../../operator/desired/conditions/verdict.ts';
import { decideFleet } from '../../../../operator/fleet/decide.ts';
import { aNode, aPod, nowMs } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';

const inside = { type: 'InternalIP', address: '10.99.0.11' };
const outside = { type: 'ExternalIP', address: '203.0.113.7' };
const bare = { type: 'InternalIP', address: '203.0.113.8' };
const tls = { api: { mode: 'Secret', secretName: 'own' } };

/** One pod on a node with these addresses. */
function input(spec: object, addresses: readonly { type: string; address: string }[]): ConditionInput {
  const cluster = aCluster({ replicas: 1, ...spec });
  const pods = addresses.length === 0 ? [] : [aPod({ node: aNode({ addresses: [...addresses] }) })];
  const decision = decideFleet({ cluster, pods, revision: 'current', nowMs });
  return { cluster, decision, revision: 'current', operatorsImage: 'image', credentialProblems: [] };
}

describe('APIExposureSafe', () => {
  test.each([
    ['Unknown NoNodeYet', {}, []],
    ['True PrivateAddresses', {}, [inside]],
    ['True PrivateAddresses', {}, [inside, outside]],
    ['True PrivateAddresses', { network: { apiBind: 'All' } }, [inside]],
    ['False PublicWithoutTLS', { network: { apiBind: 'All' } }, [inside, outside]],
    ['False PublicWithoutTLS', {}, [bare]],
    [
      'False PublicWithoutTLS',
      { discovery: { external: { hostname: 'rtc.example.com' } } },
      [inside, outside],
    ],
    ['True PublicWithTLS', { tls, network: { apiBind: 'All' } }, [inside, outside]],
  ])('is %s', (expected, spec, addresses) => {
    const { status, reason } = apiExposureSafe(input(spec, addresses));
    expect(`${status} ${reason}`).toBe(expected);
  });

  test('names the address and the way out', () => {
    expect(apiExposureSafe(input({ network: { apiBind: 'All' } }, [inside, outside])).message).toMatch(
      /^TCP 8443 is reached on 203\.0\.113\.7, without TLS: set network\.apiBind: NodeInternalIP, or use a second/,
    );
    expect(apiExposureSafe(input({}, [bare])).message).toContain('the InternalIP of these nodes is a public');
  });
});

describe('PodSecurityCompatible', () => {
  const said =
    'create pods a/b: pods "b" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true), hostPort';
  const refusal = admissionReason(said, 'mattermost')!;

  test.each([
    ['Unknown NoPodYet', input({}, [])],
    ['True Admitted', input({}, [inside])],
    ['False PodSecurityForbids', { ...input({}, []), refusal }],
    [
      'True Admitted',
      { ...input({}, [inside]), refusal: { reason: 'Forbidden', message: 'exceeded quota' } },
    ],
  ])('is %s', (expected, of) => {
    const { status, reason } = podSecurityCompatible(of);
    expect(`${status} ${reason}`).toBe(expected);
  });

  test('names the label, or what OpenShift wants instead', () => {
    expect(refusal.message).toMatch(
      /level baseline, .*kubectl label namespace mattermost pod-security\.kubernetes\.io\/enforce=privileged/,
    );
    const scc = 'is forbidden: unable to validate against any security context constraint: []';
    expect(admissionReason(scc, 'mattermost')?.message).toContain(
      'oc adm policy add-scc-to-user hostnetwork-v2',
    );
    expect(admissionReason('exceeded quota: pods=1', 'mattermost')).toBeUndefined();
  });
});
