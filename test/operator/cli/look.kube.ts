/** `kubectl rtc why` and `plan` ask the operator that leads, through a real API server. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import type { PlanView } from '../../../operator/cli/views/plan.ts';
import type { StatusView } from '../../../operator/cli/views/status.ts';
import type { WhyView } from '../../../operator/cli/views/why.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { cliActs } from '../../support/cliActs.ts';
import { base, namesOf, published } from '../reconcile/acts.ts';

const { acts, rtc, viewOf } = cliActs({ nodes: 3 });
let files: string;

beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'rtc-cli-'));
});
afterAll(() => rm(files, { recursive: true }));

describe('why', () => {
  test('tells what was decided, from what, and what changed before, and no value of any Secret', async () => {
    await acts.two();
    for (const { sfu } of acts.stage.fakes.nodes) sfu.sessions = 3;
    await acts.calls.apply({ replicas: 1 });
    const { name } = await acts.calls.untilMember('Draining', 'SessionsActive');
    const view = await viewOf<WhyView>('why', 'calls');
    expect(view).toMatchObject({
      about: { kind: 'RTCCluster', name: 'calls' },
      pods: { wanted: 1, binding: 'replicas' },
    });
    const member = view.members.find((one) => one.name === name);
    expect(member).toMatchObject({
      state: 'Draining',
      reason: 'SessionsActive',
      sessions: 3,
      isInDns: false,
    });
    const { operator, fleets } = await viewOf<StatusView>('status', 'calls');
    expect(operator).toMatchObject({ id: 'operator/leader', level: 'ok' });
    expect(fleets[0]?.members.find((one) => one.name === name)).toMatchObject({ sessions: 3 });
    const { changes } = await viewOf<WhyView>('why', 'calls', name);
    expect(changes.map(({ is }) => is)).toEqual(
      expect.arrayContaining(['Published', 'Draining (ScaleDown)']),
    );
    const { out } = await rtc('why');
    expect(out).toContain(`${name} on `);
    expect(out).toContain('SessionsActive: There are more pods than are wanted. Waits for its calls to end');
    await expectNoSecrets();
  }, 60_000);
});

/** Nor in the records that it is answered from. */
async function expectNoSecrets(): Promise<void> {
  const path = `/api/v1/namespaces/rtc-system/pods/rtc-operator-0`;
  const { spec } = await acts.stage.kube.get(resources.pods, {
    namespace: 'rtc-system',
    name: 'rtc-operator-0',
  });
  const { containers } = spec as { containers: readonly { ports: readonly { containerPort: number }[] }[] };
  const port = containers[0]!.ports[0]!.containerPort;
  const record = await acts.stage.client.read(`${path}:${port}/proxy/clusters/${acts.calls.namespace}/calls`);
  expect(record).toContain('calls-admin');
  const secrets = await acts.calls.list(resources.secrets);
  const values = secrets.flatMap((secret) => Object.values(secret['data'] as Record<string, string>));
  expect(values.length).toBeGreaterThan(4);
  const isSecret = (value: string): boolean => Buffer.from(value, 'base64').length >= 15;
  for (const value of values.filter(isSecret)) {
    const clear = Buffer.from(value, 'base64').toString();
    expect(record).not.toContain(value);
    if (!clear.startsWith('http')) expect(record).not.toContain(clear);
  }
}

describe('plan', () => {
  test('says what an edit would do, and then exactly that happens', async () => {
    await acts.two();
    const rests = { drains: [], deletions: [], creates: 0, writes: [], wanted: { before: 2, after: 2 } };
    expect(await viewOf<PlanView>('plan', 'calls')).toMatchObject(rests);
    expect((await rtc('plan')).out).toContain('Nothing would be done now.');
    await expectAnswers();
    const file = join(files, 'calls.yaml');
    const spec = { ...base, replicas: 2, engine: { image: 'localhost/rtc-sfu:next' } };
    const metadata = { name: 'calls', namespace: acts.calls.namespace };
    const manifest = { apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'RTCCluster', metadata, spec };
    await writeFile(file, stringify(manifest));
    const view = await viewOf<PlanView>('plan', '-f', file);
    expect(view.edit).toMatchObject([{ field: 'engine.image', after: 'localhost/rtc-sfu:next' }]);
    const leaving = [...view.drains, ...view.deletions].map(({ name }) => name);
    expect(leaving).toHaveLength(1);
    expect(view.later).toHaveLength(1);
    const before = namesOf(await acts.calls.untilPods(2, published));
    expect([...leaving, ...view.later.map(({ name }) => name)].toSorted()).toEqual(before.toSorted());
    for (const { sfu } of acts.stage.fakes.nodes) sfu.sessions = 1;
    await acts.calls.apply({ replicas: 2, engine: { image: 'localhost/rtc-sfu:next' } });
    const { name } = await acts.calls.untilMember('Draining');
    expect(leaving).toEqual([name]);
  }, 60_000);
});

/** The field of a spec that cannot be read is named, and a cluster that is not there yet is told apart. */
async function expectAnswers(): Promise<void> {
  const file = join(files, 'broken.yaml');
  const metadata = { name: 'calls' };
  await writeFile(file, stringify({ kind: 'RTCCluster', metadata, spec: { replicas: -1 } }));
  expect(await rtc('plan', '-f', file)).toMatchObject({
    exitCode: 3,
    out: expect.stringContaining('spec.replicas'),
  });
  const api = { apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'RTCCluster' };
  await writeFile(file, stringify({ ...api, metadata: { name: 'others' }, spec: base }));
  expect(await rtc('plan', '-f', file)).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/others: it is not there yet/),
  });
}
