import { expect, test } from '@jest/globals';
import { fleetCounters } from '../../../operator/ops/fleet/counters.ts';
import { fleetGauges } from '../../../operator/ops/fleet/gauges.ts';
import { turnGauges } from '../../../operator/ops/turn/metrics.ts';
import { createMetrics, metricTable, type OperatorMetrics } from '../../../operator/ops/metrics.ts';
import { pods, rtcclusters } from '../../../operator/kube/resources.ts';

async function samples(metrics: OperatorMetrics): Promise<string[]> {
  const text = await metrics.registry.metrics();
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const request = { verb: 'patch', resource: rtcclusters, subresource: 'status', durationMs: 20 } as const;

test('requests are counted by verb, kind with subresource, and code', async () => {
  const metrics = createMetrics();
  metrics.onRequest({ ...request, code: '200' });
  metrics.onRequest({ ...request, code: '200' });
  metrics.onRequest({ ...request, subresource: undefined, code: 'Timeout' });
  const lines = await samples(metrics);
  expect(lines).toContain(
    'rtc_operator_api_requests_total{verb="patch",kind="RTCCluster/status",code="200"} 2',
  );
  expect(lines).toContain('rtc_operator_api_requests_total{verb="patch",kind="RTCCluster",code="Timeout"} 1');
  expect(lines).toContain('rtc_operator_api_request_seconds_bucket{le="0.025",verb="patch"} 3');
});

test('runs, lists and ends of watches are counted', async () => {
  const metrics = createMetrics();
  metrics.onRun({ key: 'a', result: 'error', waitedMs: 1, workedMs: 2 });
  metrics.onRelist('gone', pods);
  metrics.onWatchEnd('silent', pods);
  const lines = await samples(metrics);
  expect(lines).toContain('rtc_operator_reconcile_total{result="error"} 1');
  expect(lines).toContain('rtc_operator_relists_total{kind="Pod",reason="gone"} 1');
  expect(lines).toContain('rtc_operator_watch_ends_total{kind="Pod",reason="silent"} 1');
});

test('gauges show what is true when they are read', async () => {
  const metrics = createMetrics();
  let isLeader = false;
  metrics.readFrom({
    queue: () => ({ ready: 3, waiting: 2, working: 1, failing: 0 }),
    kinds: () => [
      { kind: 'Pod', idleMs: () => 0, lastEventAgeMs: () => 1500, size: () => 4 },
      { kind: 'Pod', idleMs: () => 0, lastEventAgeMs: () => 200, size: () => 3 },
    ],
    isLeader: () => isLeader,
  });
  expect(await samples(metrics)).toContain('rtc_operator_leader 0');
  isLeader = true;
  const lines = await samples(metrics);
  expect(lines).toContain('rtc_operator_leader 1');
  expect(lines).toContain('rtc_operator_queue_keys{state="ready"} 3');
  expect(lines).toContain('rtc_operator_watch_last_event_age_seconds{kind="Pod"} 1.5');
  expect(lines).toContain('rtc_operator_cached_objects{kind="Pod"} 7');
});

test('two sets of metrics know nothing of each other', async () => {
  const [one, other] = [createMetrics(), createMetrics()];
  one.onRelist('start', pods);
  expect((await samples(other)).join()).not.toContain('relists_total{');
});

test('every row of the table is made, and nothing beside it', async () => {
  const metrics = createMetrics();
  metrics.readFrom({
    queue: () => ({ ready: 0, waiting: 0, working: 0, failing: 0 }),
    kinds: () => [],
    isLeader: () => false,
  });
  const made = (await metrics.registry.getMetricsAsJSON()).map(({ name }) => name).sort();
  const rows = [metricTable, fleetGauges, fleetCounters, turnGauges].flatMap((table) => Object.keys(table));
  expect(made).toEqual(rows.sort());
});
