/** A TurnServer behind a load balancer, and with TLS, on a real API server; nodes, agents and coturns are faked, the test plays load balancer and cert-manager. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { createAuthority } from '../../cluster/certificates.ts';
import { certManagerCrd, issue } from '../../support/certManager.ts';
import { eventually } from '../../support/eventually.ts';
import { published, turnActsOn } from './turnActs.ts';

const acts = turnActsOn({ nodes: 2 });
beforeEach(() => acts.begin(), 60_000);
afterEach(() => acts.end(), 120_000);

const service = (): { readonly namespace: string; readonly name: string } => ({
  namespace: acts.edge.namespace,
  name: 'edge-turn',
});

/** As a load balancer would, whose Service status is set by this test. */
async function balance(...ingress: readonly object[]): Promise<void> {
  const key = { ...service(), subresource: 'status' as const };
  await acts.stage.kube.mergePatch(resources.services, key, { status: { loadBalancer: { ingress } } });
}

const untilUris = (wanted: readonly string[]): Promise<void> =>
  eventually(
    async () => {
      const { uris = [] } = await acts.edge.status();
      return JSON.stringify(uris) === JSON.stringify(wanted) ? undefined : `uris: ${uris.join()}`;
    },
    { timeoutMs: 30_000 },
  );

describe('a TurnServer behind a load balancer, whose Service status this test sets', () => {
  test('tells clients of its address as soon as it has one, follows it, and then rests', async () => {
    await acts.edge.apply({ network: { mode: 'LoadBalancer' } });
    await acts.edge.untilPods(2, published);
    const pending = await acts.edge.untilCondition('AddressesResolved', /^False LoadBalancerPending$/);
    expect(pending).toContain('kubectl describe service edge-turn');
    expect(await acts.stage.kube.get(resources.services, service())).toMatchObject({
      spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', sessionAffinity: 'ClientIP' },
    });
    await balance({ ip: '203.0.113.9' });
    await untilUris(['turn:203.0.113.9:3478?transport=udp', 'turn:203.0.113.9:3478?transport=tcp']);
    await acts.edge.untilCondition('Ready', /^True/);
    await acts.untilRest();
    await balance({ ip: '2001:db8::9' });
    await untilUris(['turn:[2001:db8::9]:3478?transport=udp', 'turn:[2001:db8::9]:3478?transport=tcp']);
  }, 90_000);

  test('with a name waits for an address all the same: nobody is reached by the name alone', async () => {
    await acts.edge.apply({ network: { mode: 'LoadBalancer', serverName: 'turn.example.com' } });
    await acts.edge.untilPods(2, published);
    await acts.edge.untilCondition('AddressesResolved', /^False LoadBalancerPending$/);
    await balance({ hostname: 'lb.example.net' });
    await acts.edge.untilCondition('AddressesResolved', /^True LoadBalancerAddress$/);
    await untilUris(['turn:turn.example.com:3478?transport=udp', 'turn:turn.example.com:3478?transport=tcp']);
  }, 90_000);
});

describe('TLS by a cert-manager that this test plays', () => {
  const authority = createAuthority('public');
  const issued = (): Parameters<typeof issue>[2] => ({
    ...authority.issue({
      subject: { commonName: 'turn.example.com' },
      usage: 'server',
      names: ['turn.example.com'],
    }),
    ca: authority.certificate,
  });
  const isReady = /^True Valid$/;

  async function certificate(): Promise<KubeObject> {
    let found: KubeObject | undefined;
    await eventually(async () => {
      const { namespace } = acts.edge;
      [found] = (await acts.stage.kube.list(resources.certificates, { namespace, limit: 10 })).items;
      return found === undefined ? 'there is no Certificate' : undefined;
    });
    return found!;
  }

  test('is asked for, served by every coturn, and renewed without a new pod', async () => {
    await acts.stage.cluster.kubectlWithInput(JSON.stringify(certManagerCrd), 'apply', '-f', '-');
    await eventually(() => acts.stage.cluster.kubectl('get', 'certificates').then(() => undefined));
    await acts.edge.apply({
      network: { serverName: 'turn.example.com' },
      tls: { mode: 'CertManager', issuerRef: { name: 'public' } },
    });
    await acts.edge.untilCondition('CertificateReady', /^False Issuing$/);
    const asked = await certificate();
    expect(asked['spec']).toMatchObject({ dnsNames: ['turn.example.com'], secretName: 'edge-turn-tls' });
    await issue(acts.stage.kube, asked, issued());
    await acts.edge.untilCondition('CertificateReady', isReady);
    await acts.edge.untilCondition('Ready', /^True/);
    const { uris, certificate: first } = await acts.edge.status();
    expect(uris).toContain('turns:turn.example.com:5349?transport=tcp');
    expect(first).toMatchObject({ loadedOnAllPods: true });
    const before = (await acts.edge.untilPods(2, published)).map(({ metadata }) => metadata.uid);
    const renewed = issued();
    await acts.stage.kube.mergePatch(
      resources.secrets,
      { namespace: acts.edge.namespace, name: 'edge-turn-tls' },
      { stringData: { 'tls.crt': renewed.certificate, 'tls.key': renewed.key } },
    );
    await eventually(
      async () => {
        const { certificate: now } = await acts.edge.status();
        if (now?.fingerprint === first?.fingerprint) return 'the old certificate is still told of';
        return now?.loadedOnAllPods === true ? undefined : 'it is not served by all';
      },
      { timeoutMs: 30_000 },
    );
    expect((await acts.edge.untilPods(2, published)).map(({ metadata }) => metadata.uid)).toEqual(before);
  }, 120_000);
});
