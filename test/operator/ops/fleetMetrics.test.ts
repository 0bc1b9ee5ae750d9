import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { decideFleet } from '../../../operator/fleet/decide.ts';
import type { PodView } from '../../../operator/fleet/pod.ts';
import { fleetCounters } from '../../../operator/ops/fleet/counters.ts';
import { fleetGauges } from '../../../operator/ops/fleet/gauges.ts';
import { createFleetMetrics } from '../../../operator/ops/fleet/metrics.ts';
import { dropReasons } from '../../../operator/ops/fleet/drains.ts';
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
  expect(lines).toContain(`rtc_min_published_pods{${of}} 1`);
  expect(lines).toContain(`rtc_capacity_sessions{${of}} 300`);
  metrics.forget('mattermost/calls');
  expect((await samples(registry)).filter((line) => !line.startsWith('rtc_sessions_dropped_total'))).toEqual(
    [],
  );
});

test('a cluster whose spec cannot be read any more tells so, and the rest is as it was', async () => {
  const registry = new Registry();
  const metrics = createFleetMetrics(registry);
  const status = { conditions: [{ type: 'Ready', status: 'False' as const }] };
  const named = (name: string): object => ({
    cluster: { metadata: { namespace: 'mattermost', name } },
    status,
  });
  metrics.report(report({ facts: facts({ sessions: 7 }) }));
  for (const name of ['calls', 'new']) metrics.refuse(named(name) as Parameters<typeof metrics.refuse>[0]);
  const lines = await samples(registry);
  for (const name of ['calls', 'new'])
    expect(lines).toContain(`rtc_cluster_condition{namespace="mattermost",cluster="${name}",type="Ready"} 0`);
  expect(lines).toContain('rtc_cluster_sessions{namespace="mattermost",cluster="calls"} 7');
  metrics.forget('mattermost/new');
  expect((await samples(registry)).join()).not.toContain('cluster="new"');
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

test('dropped sessions are 0 from the first report on, so that an increase by the first of them is seen', async () => {
  const registry = new Registry();
  createFleetMetrics(registry).report(report());
  const of = 'namespace="mattermost",cluster="calls"';
  const lines = await samples(registry);
  for (const reason of dropReasons)
    expect(lines).toContain(`rtc_sessions_dropped_total{${of},reason="${reason}"} 0`);
});

test('a pod that something keeps out of DNS is counted once by what that is, until it is something else', async () => {
  const registry = new Registry();
  const metrics = createFleetMetrics(registry);
  const [member] = report().decision.members;
  const gated = (reason: string): FleetReport => {
    const base = report();
    const members = [{ ...member!, state: 'Gated' as const, isPublished: false, reason }];
    return { ...base, decision: { ...base.decision, members } };
  };
  for (const reason of ['NotReachable', 'NotReachable', 'VersionTooOld', 'NotReachable'])
    metrics.report(gated(reason));
  const lines = await samples(registry);
  const of = 'namespace="mattermost",cluster="calls"';
  expect(lines).toContain(`rtc_publish_gate_failures_total{${of},gate="VersionTooOld"} 1`);
  expect(lines).toContain(`rtc_publish_gate_failures_total{${of},gate="NotReachable"} 1`);
});

test('a pod that drains tells when it goes with its calls, and why', async () => {
  const registry = new Registry();
  const metrics = createFleetMetrics(registry);
  const [member] = report().decision.members;
  const drain = { reason: 'ScaleDown' as const, startedMs: nowMs };
  const members = [{ ...member!, state: 'Draining' as const, drain, deadlineMs: 1_800_000_000_000 }];
  const base = report();
  metrics.report({ ...base, decision: { ...base.decision, members } });
  const of = `namespace="mattermost",cluster="calls",pod="${member!.pod.name}",reason="ScaleDown"`;
  expect(await samples(registry)).toContain(`rtc_drain_deadline_seconds{${of}} 1800000000`);
});

test('every row becomes a metric', async () => {
  const registry = new Registry();
  createFleetMetrics(registry);
  const made = (await registry.getMetricsAsJSON()).map(({ name }) => name).sort();
  expect(made).toEqual([...Object.keys(fleetGauges), ...Object.keys(fleetCounters)].sort());
});
