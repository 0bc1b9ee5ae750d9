import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { decideFleet } from '../../../operator/fleet/decide.ts';
import type { PodView } from '../../../operator/fleet/pod.ts';
import { fleetCounters } from '../../../operator/ops/fleet/counters.ts';
import { fleetGauges } from '../../../operator/ops/fleet/gauges.ts';
import { createFleetMetrics } from '../../../operator/ops/fleet/metrics.ts';
import type { FleetReport } from '../../../operator/ops/fleet/report.ts';
import { aStatus } from '../../support/decisions.ts';
import { aPod, facts, nowMs } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

/** What a reconcile of a cluster of one pod finds out. */
function report(pod: Partial<PodView> = {}): FleetReport {
  const cluster = aCluster({ replicas: 1 });
  const decision = decideFleet({ cluster, pods: [aPod(pod)], revision: 'current', nowMs });
  const told = { revision: 'current', operatorsImage: 'sfu:2', credentialProblems: [] };
  const status = aStatus({ cluster, decision, ...told });
  return { cluster, decision, status, nowMs };
}

async function samples(registry: Registry): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('gauges tell what is true of each cluster by its last report, until it is gone', async () => {
  const registry = new Registry();
  const metrics = createFleetMetrics(registry);
  metrics.report(report());
  metrics.report({ ...report({ facts: facts({ sessions: 7 }) }), certificateEndsMs: 1_800_000_000_000 });
  const lines = await samples(registry);
  const of = 'namespace="mattermost",cluster="calls"';
  expect(lines).toContain(`rtc_cluster_sessions{${of}} 7`);
  expect(lines).toContain(`rtc_api_certificate_end_seconds{${of}} 1800000000`);
  expect(lines).toContain(`rtc_cluster_condition{${of},type="Ready"} 1`);
  expect(lines).toContain(`rtc_cluster_pods{${of},state="Published"} 1`);
  expect(lines).toContain(`rtc_cluster_pods{${of},state="Failed"} 0`);
  metrics.forget('mattermost/calls');
  expect(await samples(registry)).toEqual([]);
});

test('counters count what has changed since the report before, and nothing at the first', async () => {
  const registry = new Registry();
  const metrics = createFleetMetrics(registry);
  const entered = 'rtc_members_entered_total{namespace="mattermost",cluster="calls",state="Draining"}';
  metrics.report(report({ isTerminating: true }));
  expect((await samples(registry)).join()).not.toContain('entered');
  metrics.report(report());
  metrics.report(report({ isTerminating: true }));
  metrics.report(report({ isTerminating: true }));
  expect(await samples(registry)).toContain(`${entered} 1`);
});

test('every row becomes a metric', async () => {
  const registry = new Registry();
  createFleetMetrics(registry);
  const made = (await registry.getMetricsAsJSON()).map(({ name }) => name).sort();
  expect(made).toEqual([...Object.keys(fleetGauges), ...Object.keys(fleetCounters)].sort());
});
