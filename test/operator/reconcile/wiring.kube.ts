/** What a cluster and its Mattermost know each other by, on a real API server. Nodes and SFUs are faked, the test plays cert-manager. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as resources from '../../../operator/kube/resources.ts';
import { createAuthority } from '../../cluster/certificates.ts';
import { certManagerCrd, issue } from '../../support/certManager.ts';
import { eventually } from '../../support/eventually.ts';
import { liveCluster, type LiveCluster } from '../../support/liveCluster.ts';
import { startOperator, type RunningOperator } from '../../support/operator.ts';
import { type KubeStage, stagePort, startKubeStage } from '../../support/kubeStage.ts';

const namespace = 'wiring';
/** Where a binding may go; `missing` does not exist. */
const elsewhere = 'mattermost';
const inside = `calls-rtcd.${namespace}.svc`;
const outside = 'rtc.example.com';
const authority = createAuthority('internal');
const pair = authority.issue({
  subject: { commonName: 'api' },
  usage: 'server',
  names: [`${inside}.cluster.local`, outside],
});
let stage: KubeStage;
let operator: RunningOperator;
let calls: LiveCluster;

beforeAll(async () => {
  stage = await startKubeStage({ nodes: 1, served: pair });
  await stage.createNamespace(namespace);
  await stage.createNamespace(elsewhere);
  calls = liveCluster(stage.kube, namespace, {
    replicas: 1,
    drain: { propagationSeconds: 0, sessionlessSeconds: 0, timeoutSeconds: 60 },
    network: { apiPort: stagePort },
  });
}, 120_000);
afterAll(() => stage.close(), 30_000);

/** What the DNS of this test says of `outside`; empty: there is no such name. */
let records: readonly string[] = [];
const resolve = (): Promise<readonly string[]> =>
  records.length > 0
    ? Promise.resolve(records)
    : Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));

const start = (): RunningOperator =>
  startOperator(
    stage.cluster.kubeconfig,
    { 'watch-namespaces': namespace, 'binding-namespaces': `${elsewhere},missing` },
    { resolve },
  );
beforeEach(() => {
  operator = start();
});
afterEach(() => operator.stop());

/** Removes the cluster and waits until it has let go of everything. */
async function removeCluster(): Promise<void> {
  await calls.remove();
  await eventually(async () => ((await calls.isGone()) ? undefined : 'the RTCCluster is still there'));
}

/** The values of a Secret as text. */
async function secretOf(name: string, from = namespace): Promise<Readonly<Record<string, string>>> {
  const { data } = (await stage.kube.get(resources.secrets, { namespace: from, name })) as unknown as {
    readonly data: Readonly<Record<string, string>>;
  };
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}

describe('TLS by cert-manager', () => {
  const tls = { api: { mode: 'CertManager', issuerRef: { name: 'internal' } } };
  afterAll(async () => {
    operator = start();
    await removeCluster();
    await operator.stop();
  }, 30_000);

  test('without cert-manager a condition says so, and nothing fails', async () => {
    await calls.apply({ tls });
    await calls.untilCondition('CertificateReady', /^False CertManagerMissing$/);
    await calls.untilCondition('Ready', /^False CertManagerMissing$/);
  }, 30_000);

  /** And has the operator look for it at once, instead of within a minute. */
  async function installCertManager(): Promise<void> {
    await stage.cluster.kubectlWithInput(JSON.stringify(certManagerCrd), 'apply', '-f', '-');
    await eventually(() => stage.cluster.kubectl('get', 'certificates').then(() => undefined));
    await operator.stop();
    operator = start();
    await calls.untilCondition('CertificateReady', /^False Issuing$/);
  }

  test('says so again when cert-manager is taken away', async () => {
    await installCertManager();
    await stage.cluster.kubectl('delete', 'crd', certManagerCrd.metadata.name);
    await calls.untilCondition('CertificateReady', /^False CertManagerMissing$/);
  }, 60_000);

  test('with it the certificate is asked for, served, verified, and told to Mattermost', async () => {
    await installCertManager();
    const [certificate] = await calls.list(resources.certificates);
    await issue(stage.kube, certificate!, { ...pair, ca: authority.certificate });
    await calls.untilCondition('CertificateReady', /^True Valid$/);
    await calls.untilCondition('Ready', /^True/);
    expect(await secretOf('calls-mattermost-env')).toMatchObject({
      MM_CALLS_RTCD_SERVICE_URL: `https://${inside}.cluster.local:${stagePort}`,
      'ca.crt': authority.certificate,
    });
    const [pod] = await calls.untilPods(1);
    expect(pod!.metadata.annotations?.['rtc.progressnet.gr/api-names']).toBe(
      `${inside}.cluster.local,${inside}`,
    );
  }, 60_000);

  test('the Certificate goes when a Secret of ones own is used', async () => {
    await calls.apply({ tls: { api: { mode: 'Secret', secretName: 'calls-api-tls' } } });
    await eventually(async () =>
      (await calls.list(resources.certificates)).length === 0 ? undefined : 'the Certificate is still there',
    );
    await calls.untilCondition('CertificateReady', /^True Valid$/);
  }, 30_000);

  test('cannot be switched off, with the reason', async () => {
    await expect(calls.apply({ tls: { api: { mode: 'Disabled' } } })).rejects.toThrow(
      /create a second RTCCluster and move Mattermost over/,
    );
  });
});

describe('a binding in another namespace', () => {
  const copy = 'calls-mattermost-env';
  const tls = { api: { mode: 'CertManager', issuerRef: { name: 'internal' } } };
  const has = async (): Promise<boolean> =>
    secretOf(copy, elsewhere).then(
      () => true,
      () => false,
    );

  test('is a copy of the one beside the cluster, and stays so', async () => {
    await calls.apply({ tls, binding: { namespaces: [elsewhere] }, deletionPolicy: 'Immediate' });
    await eventually(async () => ((await has()) ? undefined : 'there is no copy'), { timeoutMs: 20_000 });
    await calls.untilCondition('CredentialsSynced', /^True Synced$/);
    const original = await secretOf(copy);
    expect(await secretOf(copy, elsewhere)).toEqual(original);
    const key = { namespace: elsewhere, name: copy };
    await stage.kube.mergePatch(resources.secrets, key, { data: { MM_CALLS_RTCD_AUTH_KEY: 'YnJva2Vu' } });
    await eventually(async () =>
      (await secretOf(copy, elsewhere))['MM_CALLS_RTCD_AUTH_KEY'] === original['MM_CALLS_RTCD_AUTH_KEY']
        ? undefined
        : 'it is still broken',
    );
  }, 40_000);

  test('is refused with the fix where the chart or the namespace does not allow it', async () => {
    await calls.apply({
      tls,
      binding: { namespaces: [elsewhere, 'kube-system'] },
      deletionPolicy: 'Immediate',
    });
    await calls.untilCondition('CredentialsSynced', /^False NamespaceNotAllowed$/);
    await calls.apply({ tls, binding: { namespaces: ['missing'] }, deletionPolicy: 'Immediate' });
    await calls.untilCondition('Ready', /^False NamespaceMissing$/);
    await eventually(async () => {
      const path = 'jsonpath={.items[*].reason}';
      const reasons = await stage.cluster.kubectl('get', '-n', namespace, 'events', '-o', path);
      const wanted = ['NamespaceNotAllowed', 'NamespaceMissing'];
      return wanted.every((reason) => reasons.includes(reason)) ? undefined : `events: ${reasons}`;
    });
  }, 40_000);

  test('is taken back when its namespace is not named any more', async () => {
    await eventually(async () => ((await has()) ? 'the copy is still there' : undefined));
  });

  test('goes with its cluster, while the Secret of somebody else stays', async () => {
    await stage.cluster.kubectl('create', '-n', elsewhere, 'secret', 'generic', copy, '--from-literal=a=b');
    await calls.apply({ tls, binding: { namespaces: [elsewhere] }, deletionPolicy: 'Immediate' });
    await calls.untilCondition('Ready', /^False NameTaken$/);
    await calls.apply({
      ...{ tls, deletionPolicy: 'Immediate' },
      binding: { namespaces: [elsewhere], secretName: 'wired' },
    });
    await eventually(() => secretOf('wired', elsewhere).then(() => undefined));
    await removeCluster();
    await expect(secretOf('wired', elsewhere)).rejects.toThrow(/not found/);
    expect(await secretOf(copy, elsewhere)).toEqual({ a: 'b' });
  }, 60_000);
});

describe('a Mattermost outside the cluster', () => {
  test('has a name that external-dns is told of, and what DNS makes of it is said', async () => {
    const tls = { api: { mode: 'Secret', secretName: 'calls-api-tls' } };
    await calls.apply({ tls, discovery: { external: { hostname: outside } }, deletionPolicy: 'Immediate' });
    await calls.untilCondition('Ready', /^True/);
    await calls.untilCondition('ExternalNameResolves', /^False NameNotResolved$/);
    const [service] = await calls.list(resources.services);
    expect(service!.metadata.annotations).toMatchObject({
      'external-dns.alpha.kubernetes.io/hostname': outside,
      'external-dns.alpha.kubernetes.io/ttl': '30',
    });
    const [pod] = await calls.untilPods(1, 'rtc.progressnet.gr/published=true');
    const address = stage.fakes.nodes[0]!.address;
    expect(pod!.metadata.annotations?.['external-dns.alpha.kubernetes.io/target']).toBe(address);
    records = [address];
    await calls.untilCondition('ExternalNameResolves', /^True RecordsMatch$/);
    expect(await secretOf('calls-mattermost-env')).toMatchObject({
      MM_CALLS_RTCD_SERVICE_URL: `https://${outside}:${stagePort}`,
    });
  }, 60_000);

  test('leaves no annotation behind when the name is given up', async () => {
    await calls.apply({
      tls: { api: { mode: 'Secret', secretName: 'calls-api-tls' } },
      deletionPolicy: 'Immediate',
    });
    await eventually(async () => {
      const [service] = await calls.list(resources.services);
      const [pod] = await calls.untilPods(1);
      const left = [service, pod].flatMap((object) => Object.keys(object?.metadata.annotations ?? {}));
      return left.some((key) => key.startsWith('external-dns')) ? left.join() : undefined;
    });
    await removeCluster();
  }, 40_000);
});
