import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { sourceNameRules } from '../../operator/api/spec/addressSource.ts';
import { rotationRules, turnAuthRules } from '../../operator/api/spec/turn/auth.ts';
import { portRules, relayPortRules, turnNetworkRules } from '../../operator/api/spec/turn/network.ts';
import { peerRules } from '../../operator/api/spec/turn/peers.ts';
import { publishRules, turnTlsRules } from '../../operator/api/spec/turn/publish.ts';
import { turnObjectRules, turnSpecRules, turnSpecSchema } from '../../operator/api/turnserverSpec.ts';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/options.ts';
import { eventually } from '../support/eventually.ts';

const root = join(import.meta.dirname, '../..');
let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
  await cluster.kubectl('apply', '-f', join(root, 'crds/turnservers.rtc.progressnet.gr.yaml'));
  await eventually(() => cluster.kubectl('get', 'turnservers').then(() => undefined));
  await apply({});
}, 120_000);
afterAll(() => cluster.stop(), 30_000);

type Spec = Readonly<Record<string, unknown>>;

function apply(spec: Spec, name = 'edge'): Promise<string> {
  const manifest = {
    apiVersion: 'rtc.progressnet.gr/v1alpha1',
    kind: 'TurnServer',
    metadata: { name },
    spec,
  };
  return cluster.kubectlWithInput(JSON.stringify(manifest), 'apply', '-f', '-');
}

const stored = async (name: string, path: string): Promise<string> =>
  cluster.kubectl('get', 'turnserver', name, '-o', `jsonpath={${path}}`);

describe('the API server', () => {
  test('takes the sample, and fills in the same defaults as the operator', async () => {
    await cluster.kubectl('apply', '-n', 'default', '-f', join(root, 'crds/samples/turnserver.yaml'));
    const allow = [{ rtcClusters: { matchNames: ['calls'] } }];
    const sample = { placement: { replicas: 2 }, realm: 'example.com', peers: { allow } };
    expect(JSON.parse(await stored('edge', '.spec'))).toEqual(turnSpecSchema.parse(sample));
  });

  test('scales through the scale subresource', async () => {
    await apply({}, 'scaled');
    await cluster.kubectl('scale', 'turnserver', 'scaled', '--replicas=3');
    expect(await stored('scaled', '.spec.placement.replicas')).toBe('3');
  });

  test('knows the short name and the columns', async () => {
    const [header] = (await cluster.kubectl('get', 'turn')).split('\n');
    expect(header?.split(/\s+/).filter(Boolean).join(' ')).toBe(
      'NAME PUBLISHED DESIRED DRAINING ALLOCATIONS ROTATION READY REASON AGE',
    );
  });

  test.each(['10.20.0.0/16', '192.0.2.7', '100.64.0.0/10', '2001:db8::/32', '2001:db8::7'])(
    'takes %s as a peer',
    async (cidr) => {
      await apply({ peers: { allow: [{ cidr }] } }, 'peers');
      expect(await stored('peers', '.spec.peers.allow[0].cidr')).toBe(cidr);
    },
  );

  test('explains the fields', async () => {
    const text = await cluster.kubectl('explain', 'turnservers.spec.peers');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('Whom the TURN servers relay to');
  });
});

const ports = (some: object, others: object = {}): Spec => ({ network: { ports: some, ...others } });
const peer = (some: object): Spec => ({ peers: { allow: [some] } });

/** One refused manifest for each rule. */
const refused: readonly { readonly why: string; readonly spec: Spec; readonly name?: string }[] = [
  { why: 'metadata.name becomes part', spec: {}, name: 'edge.example.com' },
  { why: 'network.ports: use 0 to leave', spec: ports({ udp: 53, tcp: 53 }) },
  { why: 'network.ports.udp and network.ports.tcp must be the same', spec: ports({ udp: 3479 }) },
  { why: 'network.ports.tls and network.ports.dtls must be the same', spec: ports({ tls: 443 }) },
  { why: 'network.ports.udp and network.ports.tcp are both 0', spec: ports({ udp: 0, tcp: 0 }) },
  { why: 'network.ports.tls and network.ports.dtls must differ', spec: ports({ tls: 3478, dtls: 3478 }) },
  { why: 'network.ports: 8446 and 9641 are used', spec: ports({ tls: 8446, dtls: 0 }) },
  {
    why: 'network.relayPorts.min must not be above',
    spec: { network: { relayPorts: { min: 60_000, max: 50_000 } }, limits: { allocationsTotal: 0 } },
  },
  {
    why: 'network.relayPorts must hold none',
    spec: { network: { relayPorts: { min: 5000, max: 20_000 } } },
  },
  {
    why: 'network.address.sources: type ConfigMap needs name',
    spec: { network: { address: { sources: [{ type: 'ConfigMap' }] } } },
  },
  {
    why: 'network.address.sources: type NodeAnnotation needs key',
    spec: { network: { address: { sources: [{ type: 'NodeExternalIP', key: 'a' }] } } },
  },
  { why: 'auth.credentialTTLSeconds must be whole', spec: { auth: { credentialTTLSeconds: 1000 } } },
  { why: 'auth.rotation.intervalSeconds: use 0', spec: { auth: { rotation: { intervalSeconds: 60 } } } },
  {
    why: 'peers.allow: each entry is either',
    spec: peer({ rtcClusters: { matchNames: ['calls'] }, cidr: '10.0.0.0/8' }),
  },
  { why: 'peers.allow: a cidr that begins at', spec: peer({ cidr: '0.0.0.0' }) },
  { why: 'peers.allow: loopback, link-local', spec: peer({ cidr: '169.254.169.254' }) },
  { why: 'peers.allow: coturn refuses IPv6', spec: peer({ cidr: 'fd00::/8' }) },
  { why: 'peers.allow: addresses below ::/16', spec: peer({ cidr: '::ffff:10.0.0.1' }) },
  { why: 'network.mode cannot be changed', spec: { network: { mode: 'LoadBalancer' } } },
  { why: 'publish.service cannot be changed', spec: { publish: { service: 'other' } } },
  { why: 'tls.mode Secret needs', spec: { tls: { mode: 'Secret' }, network: { serverName: 'turn.test' } } },
  {
    why: 'tls.mode CertManager needs',
    spec: { tls: { mode: 'CertManager' }, network: { serverName: 'turn.test' } },
  },
  { why: 'tls needs network.serverName', spec: { tls: { mode: 'Secret', secretName: 'own' } } },
  {
    why: 'tls.mode asks for a certificate',
    spec: {
      tls: { mode: 'Secret', secretName: 'own' },
      ...ports({ tls: 0 }, { serverName: 'turn.test' }),
    },
  },
  { why: 'limits.allocationsTotal must not', spec: { network: { relayPorts: { min: 57_000 } } } },
  { why: 'limits.allocationsPerUser must not', spec: { limits: { allocationsTotal: 4 } } },
];

const rules = [
  ...turnObjectRules,
  ...portRules,
  ...relayPortRules,
  ...turnNetworkRules,
  ...sourceNameRules,
  ...turnAuthRules,
  ...rotationRules,
  ...peerRules,
  ...publishRules,
  ...turnTlsRules,
  ...turnSpecRules,
];

describe('a TurnServer that cannot work', () => {
  test.each(refused)('is refused with the fix: $why', async ({ why, spec, name }) => {
    const rule = rules.find(({ message }) => message.startsWith(why));
    await expect(apply(spec, name)).rejects.toThrow(rule?.message);
  });

  test('has a test for every rule', () => {
    const tested = refused.map(({ why }) => rules.findIndex(({ message }) => message.startsWith(why)));
    expect(tested.toSorted((a, b) => a - b)).toEqual(rules.map((_, index) => index));
  });

  test.each(['::', '::/0', '0.0.0.0/0', '10.0.0.0/0', '0:0::/32', '00.0.0.1', '2001::/0'])(
    'is refused with %s as a peer, which would open everything',
    (cidr) => expect(apply(peer({ cidr }))).rejects.toThrow('opens every address of both families'),
  );

  test.each(['127.0.0.1', '224.0.0.1', '239.1.2.3', '255.255.255.255', 'fe80::1', 'FEC0::1', '::1'])(
    'is refused with %s as a peer, which is never relayed to',
    (cidr) => expect(apply(peer({ cidr }))).rejects.toThrow('peers.allow: '),
  );

  test.each([
    ['spec.peers.allow[0].cidr', peer({ cidr: 'sfu.example.com' }), 'should match'],
    ['spec.realm', { realm: 'a\nuserdb=/x' }, 'should match'],
    ['spec.image', { image: '' }, 'at least 1 char'],
    ['spec.nonsense', { nonsense: true }, 'unknown field "spec.nonsense"'],
  ])('is refused by name: %s', (_, spec, limit) => expect(apply(spec)).rejects.toThrow(limit));
});
