/** The doctor in set-ups that are broken on purpose: a real API server and the real operator; nodes and SFUs are faked. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Level } from '../../../operator/cli/doctor/finding.ts';
import type { DoctorView } from '../../../operator/cli/views/doctor.ts';
import type { Resource } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { run } from '../../setup/run.ts';
import { cliActs } from '../../support/cliActs.ts';
import { eventually } from '../../support/eventually.ts';
import { published } from '../reconcile/acts.ts';

const { acts, rtc } = cliActs({ nodes: 3 });
const good = { ok: true, message: '2 paths work', joinMs: 80, lossPercent: 0, paths: [{}, {}] };

beforeEach(async () => {
  for (const { sfu } of acts.stage.fakes.nodes)
    Object.assign(sfu, { probe: good, load: 0, version: '1.2.6' });
  await acts.two();
}, 60_000);

/** Waits until there is such a finding. */
async function untilFound(level: Level, id: RegExp, message: RegExp): Promise<void> {
  await eventually(
    async () => {
      const { out, err } = await rtc('doctor', '-o', 'json');
      if (out === '') return err;
      const { findings } = JSON.parse(out) as DoctorView;
      const isThere = findings.some(
        (one) => one.level === level && id.test(one.id) && message.test(one.message),
      );
      return isThere
        ? undefined
        : JSON.stringify(
            findings.filter((one) => one.level !== 'ok'),
            null,
            1,
          );
    },
    { timeoutMs: 30_000, intervalMs: 300 },
  );
}

const key = (name: string): { namespace: string; name: string } => ({
  namespace: acts.calls.namespace,
  name,
});
const patch = async (resource: Resource, name: string, change: object): Promise<void> => {
  await acts.stage.kube.mergePatch(resource, key(name), change as Record<string, unknown>);
};

/** Values of all Secrets, as stored and as they are meant; a URL is no secret. */
async function secretTexts(): Promise<string[]> {
  const secrets = await acts.calls.list(resources.secrets);
  return secrets
    .flatMap((secret) => Object.entries(secret['data'] as Record<string, string>))
    .filter(([field]) => !field.endsWith('_URL'))
    .flatMap(([, value]) => [value, Buffer.from(value, 'base64').toString()]);
}

describe('the doctor', () => {
  test('finds no failure where all is well, and ends with 0', async () => {
    await untilFound('ok', /^media\//, /2 paths work/);
    const { exitCode, out } = await rtc('doctor');
    expect([exitCode, /: 0 fail, /.test(out)]).toEqual([0, true]);
    const calls = await rtc('call-test');
    expect(calls).toMatchObject({ exitCode: 0, out: expect.stringMatching(/media +Passed +80 ms/) });
  }, 60_000);

  test('packs a report with objects, records, findings and events, and no value of any Secret', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'rtc-report-'));
    try {
      const directory = join(dir, 'for-support');
      const { exitCode, out } = await rtc('report', '--name', directory);
      expect([exitCode, out.includes('no Secret values')]).toEqual([0, true]);
      await run('tar', ['-xzf', `${directory}.tar.gz`, '-C', dir]);
      const files = await readdir(directory, { recursive: true, withFileTypes: true });
      const names = files.filter((file) => file.isFile()).map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining(['rtcclusters.yaml', 'secrets.yaml', 'events.yaml', 'calls.json']),
      );
      const texts = files
        .filter((file) => file.isFile())
        .map((file) => readFile(join(file.parentPath, file.name), 'utf8'));
      const text = (await Promise.all(texts)).join('\n');
      for (const value of await secretTexts()) expect(text).not.toContain(value);
    } finally {
      await rm(dir, { recursive: true });
    }
  }, 60_000);

  test('finds what pods tell: silence, closed ports, no CPU left, an old version', async () => {
    const [first, second] = await acts.calls.untilPods(2, published);
    const one = acts.stage.nodeOf(first!).sfu;
    const other = acts.stage.nodeOf(second!).sfu;
    one.load = 0.97;
    await untilFound('fail', /^cpu\//, /97 % of its CPU/);
    expect((await rtc('doctor')).exitCode).toBe(3);
    one.load = 0;
    other.version = '0.9.0';
    await untilFound('fail', /^version\//, /0\.9\.0/);
    other.version = '1.2.6';
    one.answers = false;
    await untilFound('fail', /^pod\//, /does not answer the operator/);
    one.answers = true;
    for (const { sfu } of acts.stage.fakes.nodes)
      sfu.probe = { ...good, ok: false, message: 'no packet came over UDP' };
    await acts.calls.apply({ replicas: 3 });
    await untilFound('fail', /^media\//, /no packet came over UDP/);
  }, 120_000);

  test('finds credentials that pods do not take, strange endpoints and an overlay that is not encrypted', async () => {
    await rtc('pause');
    await acts.calls.untilCondition('ReconciliationPaused', /^True/);
    await patch(resources.secrets, 'calls-client-mattermost', {
      stringData: { authKey: 'another-key-of-32-characters-or-more' },
    });
    await untilFound('fail', /^credentials\//, /MM_CALLS_RTCD_AUTH_KEY is not authKey/);
    await untilFound('warn', /^condition\/ReconciliationPaused/, /nothing is changed/);
    const { kube, cluster } = acts.stage;
    const slice = {
      ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
      metadata: { ...key('strange'), labels: { 'kubernetes.io/service-name': 'calls-rtcd' } },
      ...{ endpoints: [{ addresses: ['203.0.113.99'], conditions: { ready: true } }], ports: [] },
    };
    await cluster.kubectlWithInput(JSON.stringify(slice), 'apply', '-f', '-');
    await untilFound('fail', /^dns\/endpoints/, /leads to 203\.0\.113\.99, which is not published/);
    await acts.stage.createNamespace('kube-flannel');
    const data = { 'net-conf.json': '{"Backend": {"Type": "vxlan"}}' };
    const metadata = { namespace: 'kube-flannel', name: 'kube-flannel-cfg' };
    await kube.create(resources.configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
    await untilFound('warn', /^network\/overlay/, /flannel vxlan/);
    await rtc('resume');
  }, 120_000);

  test('finds what conditions tell: a TurnServer that is missing, a namespace that forbids the network of the node', async () => {
    await acts.calls.apply({ replicas: 2, turn: { turnServerName: 'edge' } });
    await untilFound('fail', /^condition\/TurnReady/, /no such TurnServer/);
    const enforce = 'pod-security.kubernetes.io/enforce';
    const { cluster } = acts.stage;
    await cluster.kubectl('label', 'namespace', acts.calls.namespace, `${enforce}=restricted`);
    await acts.calls.apply({ replicas: 3 });
    await untilFound('fail', /^condition\/PodSecurityCompatible/, /restricted/);
    await cluster.kubectl('label', 'namespace', acts.calls.namespace, `${enforce}-`);
  }, 120_000);

  test('finds definitions of an older release, and an operator that nobody leads', async () => {
    const { cluster } = acts.stage;
    const name = 'turnservers.rtc.progressnet.gr';
    const whole = await cluster.kubectl('get', 'crd', name, '-o', 'json');
    const fields = ['status', 'properties', 'uris'];
    await cluster.kubectl('patch', 'crd', name, '--type=json', '-p', removal(fields));
    await untilFound('fail', /^operator\/definitions/, /it lacks status\.uris/);
    const { apiVersion, kind, metadata, spec } = JSON.parse(whole) as Record<string, { name: string }>;
    const before = { apiVersion, kind, metadata: { name: metadata!.name }, spec };
    await cluster.kubectlWithInput(
      JSON.stringify(before),
      'apply',
      '--server-side',
      '--force-conflicts',
      '-f',
      '-',
    );
    const lease = { namespace: 'rtc-system', name: 'rtc-operator' };
    await acts.stage.kube.mergePatch(resources.leases, lease, { spec: { holderIdentity: '' } });
    await untilFound('fail', /^operator\/leader/, /Nobody holds the Lease/);
  }, 120_000);
});

/** RFC 6902. */
function removal(fields: readonly string[]): string {
  const path = ['', 'spec', 'versions', '0', 'schema', 'openAPIV3Schema', 'properties', ...fields].join('/');
  return JSON.stringify([{ op: 'remove', path }]);
}
