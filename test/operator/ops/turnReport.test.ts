import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { createTurnMetrics } from '../../../operator/ops/turn/metrics.ts';
import { turnReport } from '../../../operator/reconcile/turn/report.ts';
import { aTurnServer } from '../../support/turnservers.ts';

type Found = Parameters<typeof turnReport>[1];

async function told(
  spec: Readonly<Record<string, unknown>>,
  status: object,
  { reason = 'Stable', wanted = 2 } = {},
): Promise<string> {
  const registry = new Registry();
  const rotation = { stage: 'Stable', contents: { keys: {}, annotations: {} }, reason: { reason } };
  const decision = { pods: { members: [], wanted }, rotation };
  const found = { decision, status, nowMs: 1_000 } as unknown as Found;
  createTurnMetrics(registry).report(turnReport(aTurnServer(spec), found));
  return registry.metrics();
}

const of = 'namespace="mattermost",turnserver="edge"';

test('says how many allocations a pod takes, and when its certificate ends', async () => {
  const text = await told({}, { certificate: { notAfter: '2027-01-15T08:00:00Z', loadedOnAllPods: true } });
  expect(text).toContain(`rtc_turn_allocations_limit{${of}} 4000`);
  expect(text).toContain(`rtc_turn_certificate_end_seconds{${of}} 1800000000`);
  expect(text).toContain(`rtc_turn_desired_pods{${of}} 2`);
});

test('a pod without a limit of its own takes one allocation for each relay port', async () => {
  const relayPorts = { min: 50_000, max: 50_099 };
  const text = await told({ limits: { allocationsTotal: 0 }, network: { relayPorts } }, {});
  expect(text).toContain(`rtc_turn_allocations_limit{${of}} 100`);
  expect(text).not.toContain('rtc_turn_certificate_end_seconds{');
});

test('a step of a rotation that cannot be written is told with the stage that it stays in, unless all is to end', async () => {
  const unwritten = 'turn_secret_rotation_unwritten{';
  expect(await told({}, {}, { reason: 'StepNotWritten' })).toContain(`${unwritten}${of},stage="Stable"} 1`);
  expect(await told({}, {}, { reason: 'StepNotWritten', wanted: 0 })).not.toContain(unwritten);
  expect(await told({}, {})).not.toContain(unwritten);
});

test('one that nothing can be decided about any more tells so, and the rest is as it was', async () => {
  const registry = new Registry();
  const metrics = createTurnMetrics(registry);
  const metadata = { namespace: 'mattermost', name: 'edge' };
  const conditions = (status: 'True' | 'False') => [{ type: 'Ready', status }] as never;
  metrics.report({ metadata, members: [], conditions: conditions('True'), allocationsLimit: 7, nowMs: 0 });
  metrics.refuse({ metadata, conditions: conditions('False'), nowMs: 1 });
  metrics.refuse({ metadata: { ...metadata, name: 'new' }, conditions: conditions('False'), nowMs: 1 });
  const text = await registry.metrics();
  expect(text).toContain(`rtc_turn_condition{${of},type="Ready"} 0`);
  expect(text).toContain(`rtc_turn_allocations_limit{${of}} 7`);
  expect(text).toContain('rtc_turn_condition{namespace="mattermost",turnserver="new",type="Ready"} 0');
  expect(text).not.toMatch(/rtc_turn_pods\{.*new/);
});
