/** TLS on a real node with a real SFU: the kubelet's probes, the operator and the plugin's own Go client go through it, and it is renewed. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { RtcClusterStatus } from '../../operator/api/rtccluster.ts';
import { createAuthority, type KeyAndCertificate } from '../cluster/certificates.ts';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/options.ts';
import { startGoClient, type GoClient } from '../contract/goClient.ts';
import { ensureReference } from '../contract/reference.ts';
import { buildImages } from '../setup/images.ts';
import { eventually } from '../support/eventually.ts';
import { installOperator } from '../support/release.ts';

const authority = createAuthority('internal');
const patience = { timeoutMs: 240_000, intervalMs: 500 };
let cluster: Cluster;
let program: string;
let address: string;
let dir: string;

beforeAll(async () => {
  const images = await buildImages({ say: () => undefined });
  program = await ensureReference(() => undefined);
  dir = await mkdtemp(join(tmpdir(), 'rtc-ca-'));
  cluster = await startCluster({ nodes: 1, images: [images.operator.tar, images.sfu.tar] });
  address = cluster.nodes[0]!.address;
  await installOperator(cluster, { operator: images.operator.ref, sfu: images.sfu.ref });
  await put(pair());
  const spec = { replicas: 1, tls: { api: { mode: 'Secret', secretName: 'calls-tls' } } };
  const object = {
    apiVersion: 'rtc.progressnet.gr/v1alpha1',
    kind: 'RTCCluster',
    metadata: { name: 'calls' },
    spec,
  };
  await cluster.kubectlWithInput(JSON.stringify(object), 'apply', '-f', '-');
}, 400_000);
afterAll(async () => {
  await cluster.stop();
  await rm(dir, { recursive: true });
}, 60_000);

/** For the Service, and for the node's address, by which the client of this test connects. */
function pair(): KeyAndCertificate {
  const names = ['calls-rtcd.default.svc.cluster.local', address];
  return authority.issue({ subject: { commonName: 'api' }, usage: 'server', names });
}

async function put({ certificate, key }: KeyAndCertificate): Promise<void> {
  const labels = { 'rtc.progressnet.gr/cluster': 'calls' };
  const stringData = { 'tls.crt': certificate, 'tls.key': key, 'ca.crt': authority.certificate };
  const metadata = { name: 'calls-tls', labels };
  const secret = { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata, stringData };
  await cluster.kubectlWithInput(JSON.stringify(secret), 'apply', '-f', '-');
}

/** Serial number of the certificate that is served now. */
function servedSerial(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port: 8443, ca: authority.certificate }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

/** Uid and restarts of the pod. */
const pod = (): Promise<string> =>
  cluster.kubectl(
    ...['get', 'pods', '-l', 'rtc.progressnet.gr/role=sfu', '-o'],
    'jsonpath={.items[*].metadata.uid} {.items[*].status.containerStatuses[*].restartCount}',
  );

test('the pod is probed, asked and published over TLS', async () => {
  await eventually(async () => {
    const text = await cluster.kubectl('get', 'rtccluster', 'calls', '-o', 'json');
    const { conditions = [] } = (JSON.parse(text) as { status?: Partial<RtcClusterStatus> }).status ?? {};
    const wrong = ['CertificateReady', 'Ready'].flatMap((type) => {
      const found = conditions.find((condition) => condition.type === type);
      return found?.status === 'True' ? [] : [`${type}: ${found?.message ?? 'unknown'}`];
    });
    return wrong.length === 0 ? undefined : wrong.join('; ');
  }, patience);
}, 260_000);

test("the plugin's own client trusts it with what the binding says, and not without", async () => {
  const { data } = JSON.parse(
    await cluster.kubectl('get', 'secret', 'calls-mattermost-env', '-o', 'json'),
  ) as { readonly data: Readonly<Record<string, string>> };
  const value = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString();
  expect(value('MM_CALLS_RTCD_SERVICE_URL')).toBe('https://calls-rtcd.default.svc.cluster.local:8443');
  await writeFile(join(dir, 'rtc-ca.crt'), value('ca.crt'));
  const client = (env: Readonly<Record<string, string>>): GoClient =>
    startGoClient({
      ...{ program, env, url: `https://${address}:8443` },
      clientID: value('MM_CALLS_RTCD_CLIENT_ID'),
      authKey: value('MM_CALLS_RTCD_AUTH_KEY'),
    });
  const stranger = client({});
  await expect(stranger.ask('version')).rejects.toThrow(/x509: certificate signed by unknown authority/);
  stranger.stop();
  // What is mounted at /etc/rtc-ca in Mattermost lies elsewhere on this machine.
  const mattermost = client({ SSL_CERT_DIR: value('SSL_CERT_DIR').replace('/etc/rtc-ca', dir) });
  await mattermost.ask('connect');
  await mattermost.message('hello');
  expect(await mattermost.ask('connected')).toBe(true);
  mattermost.stop();
}, 60_000);

test('a renewed certificate is served by the same process', async () => {
  const before = await pod();
  const old = await servedSerial();
  await put(pair());
  await eventually(
    async () => ((await servedSerial()) === old ? 'the old one is still served' : undefined),
    patience,
  );
  expect(await pod()).toBe(before);
}, 260_000);
