import { describe, expect, test } from '@jest/globals';
import { overlayIn } from '../../../operator/cli/doctor/turn.ts';
import { turnServersIn } from '../../../operator/cli/doctor/turnServers.ts';
import { doctorView } from '../../../operator/cli/views/doctor.ts';
import {
  answered,
  base64,
  binding,
  evidence,
  failed,
  keys,
  passed,
  wrong,
} from '../../support/doctorEvidence.ts';
import { facts, nowMs, silence } from '../../support/pods.ts';

describe('the doctor, of the ways to a pod,', () => {
  test('finds connections without media: closed ports or a wrong address, with both to check', () => {
    const pod = { facts: facts({ probe: { media: passed, reach: failed } }) };
    const [finding] = wrong({ pod, spec: { network: { address: { verify: 'Gate' } } } });
    expect(finding).toMatchObject({
      id: 'reach/calls-sfu-0',
      level: 'fail',
      fix: expect.stringMatching(/Open UDP \d+ and TCP \d+.*network.address.sources/),
    });
    // From inside it may be out of reach where clients get through.
    expect(wrong({ pod })).toMatchObject([{ id: 'reach/calls-sfu-0', level: 'warn' }]);
  });

  test('does not ask for probe calls to a pod that goes', () => {
    const probe = { media: failed, reach: failed };
    expect(
      wrong({ pod: { facts: facts({ probe }), isTerminating: true } }).filter(({ id }) =>
        id.startsWith('media/'),
      ),
    ).toEqual([]);
  });

  test('finds a pod on which nobody is heard, and one that does not answer', () => {
    const probe = { media: failed, reach: passed };
    expect(wrong({ pod: { facts: facts({ probe }) } })).toMatchObject([
      { id: 'media/calls-sfu-0', level: 'fail' },
    ]);
    expect(wrong({ pod: { facts: silence } })).toMatchObject([{ id: 'pod/calls-sfu-0', level: 'fail' }]);
  });

  test('finds networks that let no media through, and says whether TURN is missing', () => {
    const measures = { atMs: nowMs, paths: { opened: 30, failed: 10 } };
    const found = doctorView(evidence({ pod: { facts: answered({ measures }) } })).findings;
    expect(found.find(({ id }) => id === 'paths')).toMatchObject({
      level: 'warn',
      message: expect.stringContaining('10 of 40 sessions got no path'),
      fix: expect.stringContaining('Run a TurnServer'),
    });
  });

  test('finds TURN servers that refuse the credentials of Mattermost, and tells those from ones that it cannot reach', () => {
    const uri = 'turn:203.0.113.7:3478?transport=udp';
    const turn = { turnServerName: 'edge' };
    const refused = { value: [{ uri, ok: false, reason: 'Unauthorized', code: 401 }] };
    expect(wrong({ spec: { turn }, trials: refused })).toMatchObject([
      { id: `turn/${uri}`, level: 'fail', message: expect.stringContaining('refuses the credentials') },
    ]);
    const far = { value: [{ uri, ok: false, reason: 'no answer within 3000 ms' }] };
    expect(wrong({ spec: { turn }, trials: far })).toMatchObject([
      { level: 'unknown', fix: expect.stringContaining('from a network that clients are in') },
    ]);
    expect(wrong({ spec: { turn }, trials: { value: [{ uri, ok: true, reason: '' }] } })).toEqual([]);
  });

  test('finds pods that are out of CPU', () => {
    expect(wrong({ pod: { facts: answered({ load: 0.85 }) } })).toMatchObject([
      { id: 'cpu/calls-sfu-0', level: 'warn' },
    ]);
    expect(wrong({ pod: { facts: answered({ load: 0.97 }) } })).toMatchObject([
      { id: 'cpu/calls-sfu-0', level: 'fail' },
    ]);
  });

  test('finds an SFU that is too old for the plugin', () => {
    expect(wrong({ pod: { facts: answered({ version: '0.9.0' }) } })).toMatchObject([
      {
        id: 'version/calls-sfu-0',
        level: 'fail',
        message: expect.stringContaining('the Calls plugin does not start'),
      },
    ]);
  });

  test('finds credentials of Mattermost that the pods do not take, and tells no value', () => {
    const other = { ...binding, MM_CALLS_RTCD_AUTH_KEY: base64('another secret') };
    const found = wrong({
      secrets: { value: { 'calls-mattermost-env': other, 'calls-client-mattermost': keys } },
    });
    expect(found).toMatchObject([{ id: 'credentials/binding', level: 'fail' }]);
    for (const secret of ['very secret key', 'another secret', base64('another secret')])
      expect(JSON.stringify(found)).not.toContain(secret);
  });

  test('finds DNS that leads elsewhere, and endpoints that lack a published pod', () => {
    const name = 'calls-rtcd.mattermost.svc.cluster.local';
    expect(wrong({ answers: { [name]: { value: ['10.99.0.99'] } } })).toMatchObject([
      {
        id: `dns/${name}`,
        level: 'fail',
        message: expect.stringMatching(/not lead to 10.99.0.11.*leads to 10.99.0.99/),
      },
    ]);
    expect(wrong({ endpoints: { value: [] } })).toMatchObject([{ id: 'dns/endpoints', level: 'fail' }]);
    expect(wrong({ answers: { [name]: { unknown: 'not here' } } })).toMatchObject([
      {
        level: 'unknown',
        fix: expect.stringMatching(
          /Run it inside the cluster: kubectl exec -n rtc-system deploy\/rtc-operator .* doctor calls -n mattermost,/,
        ),
      },
    ]);
    // The API server knows endpoints from anywhere: it is rights that lack.
    const [unseen] = wrong({ endpoints: { unknown: 'forbidden' } });
    expect(unseen).toMatchObject({ id: 'dns/endpoints', level: 'unknown' });
    expect(unseen).not.toHaveProperty('fix');
  });

  test('finds an overlay network that is not encrypted', () => {
    expect(wrong({ overlay: { value: { name: 'flannel vxlan', isEncrypted: false } } })).toMatchObject([
      { id: 'network/overlay', level: 'warn', fix: expect.stringContaining('turn-node.nft') },
    ]);
    const flannel = { 'kube-flannel-cfg': { 'net-conf.json': '{"Backend": {"Type": "wireguard"}}' } };
    expect(overlayIn(flannel)).toEqual({ name: 'flannel wireguard', isEncrypted: true });
    expect(overlayIn({ 'cilium-config': { 'tunnel-protocol': 'geneve' } })).toEqual({
      name: 'cilium geneve',
      isEncrypted: false,
    });
    expect(overlayIn({})).toBeUndefined();
  });
});

test('TURN servers are those that Mattermost gives to clients', () => {
  const urls = [
    'turn:203.0.113.7:3478?transport=udp',
    'turns:turn.example.com:443?transport=tcp',
    'stun:x:1',
  ];
  const data = {
    MM_CALLS_ICE_SERVERS_CONFIGS: base64(JSON.stringify([{ urls }])),
    MM_CALLS_TURN_STATIC_AUTH_SECRET: base64('secret'),
  };
  expect(turnServersIn(data)).toEqual({
    secret: 'secret',
    servers: [
      { uri: urls[0], server: { host: '203.0.113.7', port: 3478, transport: 'udp' } },
      {
        uri: urls[1],
        server: { host: 'turn.example.com', port: 443, transport: 'tls', serverName: 'turn.example.com' },
      },
    ],
  });
  expect(turnServersIn({})).toEqual({ secret: '', servers: [] });
});
