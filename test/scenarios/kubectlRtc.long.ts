/** `kubectl rtc` on a real cluster: the operator from its chart, real nodes, DNS, probe calls; a call is there, and stays. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CallTestView } from '../../operator/cli/views/callTest.ts';
import type { DoctorView } from '../../operator/cli/views/doctor.ts';
import type { WhyView } from '../../operator/cli/views/why.ts';
import { runCli, type Ran } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { releaseNamespace } from '../support/release.ts';
import { openFleetStage, type FleetStage } from './stage/fleetStage.ts';
import type { Talk } from './stage/talk.ts';

let stage: FleetStage;
const talks: Talk[] = [];

beforeAll(async () => {
  stage = await openFleetStage({ nodes: 2, published: 2, spec: { replicas: 2 } });
  talks.push(await stage.talk('first'));
}, 400_000);
afterAll(async () => {
  talks.forEach((talk) => talk.end());
  await stage.stop();
}, 120_000);

const rtc = (...words: readonly string[]): Promise<Ran> =>
  runCli([...words, '--kubeconfig', stage.cluster.kubeconfig, '-n', 'default']);
const viewOf = async <T>(...words: readonly string[]): Promise<T> =>
  JSON.parse((await rtc(...words, '-o', 'json')).out) as T;

test('the operator that leads is found by its Lease and tells why; probe calls got through', async () => {
  const view = await viewOf<WhyView>('why', 'calls');
  expect(view).toMatchObject({ by: expect.stringMatching(/^rtc-operator-/), pods: { wanted: 2 } });
  await eventually(
    async () => {
      const { members } = await viewOf<WhyView>('why', 'calls');
      return members.some(({ sessions = 0 }) => sessions > 0) ? undefined : JSON.stringify(members);
    },
    { timeoutMs: 60_000, intervalMs: 1_000 },
  );
  await eventually(
    async () => {
      const { calls, failed } = await viewOf<CallTestView>('call-test');
      const passed = calls.filter(({ outcome }) => outcome === 'Passed');
      return failed === 0 && passed.length === calls.length ? undefined : JSON.stringify(calls);
    },
    { timeoutMs: 120_000, intervalMs: 2_000 },
  );
}, 200_000);

test('the doctor finds no failure from outside, and inside the cluster DNS answers with the published pods', async () => {
  const outside = await viewOf<DoctorView>('doctor');
  expect(outside.findings.filter(({ level }) => level === 'fail')).toEqual([]);
  const inside = await stage.cluster.kubectl(
    ...[
      'exec',
      '-n',
      releaseNamespace,
      'deploy/rtc-operator',
      '--',
      'node',
      '/app/kubectl-rtc.mjs',
      'doctor',
    ],
    ...['-n', 'default', '-o', 'json'],
  );
  const { findings } = JSON.parse(inside) as DoctorView;
  expect(findings.filter(({ level }) => level === 'fail')).toEqual([]);
  expect(findings.find(({ id }) => id.startsWith('dns/calls-rtcd.'))).toMatchObject({ level: 'ok' });
  expect(findings.find(({ id }) => id === 'credentials/binding')).toMatchObject({ level: 'ok' });
}, 100_000);

test('a pod is drained as foretold, and nobody is dropped', async () => {
  const { members } = await viewOf<WhyView>('why');
  const { name = '' } = members.find(({ sessions = 0 }) => sessions > 0) ?? {};
  const drain = await rtc('drain', name);
  expect(drain).toMatchObject({ exitCode: 0, out: expect.stringContaining(`${name} (`) });
  await eventually(
    async () => {
      const [member] = (await viewOf<WhyView>('why', 'calls', name)).members;
      return member?.state === 'Draining' && member.reason === 'SessionsActive'
        ? undefined
        : JSON.stringify(member);
    },
    { timeoutMs: 120_000, intervalMs: 1_000 },
  );
  expect((await stage.nobodyWasDropped(talks)).lost).toBe(0);
  expect(await rtc('undrain', name, '--wait', '--timeout', '2m')).toMatchObject({ exitCode: 0 });
}, 300_000);

test('a report has the logs of the operator and of the pods', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'rtc-report-'));
  try {
    const { exitCode, out } = await rtc('report', '--name', join(dir, 'r'), '-o', 'json');
    const { files, missing } = JSON.parse(out) as { files: string[]; missing: string[] };
    expect([exitCode, missing]).toEqual([0, []]);
    const logs = files.filter((file) => file.startsWith('logs/'));
    expect(logs.some((file) => file.includes('rtc-operator'))).toBe(true);
    expect(logs.filter((file) => file.includes('calls-sfu-'))).toHaveLength(2);
  } finally {
    await rm(dir, { recursive: true });
  }
}, 100_000);
