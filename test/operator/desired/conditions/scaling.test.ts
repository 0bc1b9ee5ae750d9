import { expect, test } from '@jest/globals';
import { scalingConditions } from '../../../../operator/desired/conditions/scaling.ts';
import { decideFleet } from '../../../../operator/fleet/decide.ts';
import type { PodView } from '../../../../operator/fleet/pod.ts';
import { aPod, facts, nowMs, silence } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';

const auto = (change: object = {}): object => ({
  replicas: undefined,
  scaling: { mode: 'Auto', minPods: 1, target: { sessionsPerPod: 100 }, ...change },
});
const manual = { replicas: 1, scaling: { target: { sessionsPerPod: 100 } } };
const people = (sessions: number): PodView[] => [aPod({ facts: facts({ sessions }) })];
const holiday = {
  ...{ name: 'holiday', cron: '0 8 * * *', timeZone: 'Europe/Zurch' },
  ...{ durationSeconds: 3600, minPods: 1 },
};

/** The three conditions, `STATUS Reason` each. */
function conditions(spec: object, pods: readonly PodView[]): string[] {
  const cluster = aCluster({ ...spec });
  const decision = decideFleet({ cluster, pods, revision: 'current', nowMs });
  return scalingConditions({ cluster, decision }).map(({ status, reason }) => `${status} ${reason}`);
}

test.each([
  ['a demand that fits', auto(), people(50), ['True FollowsDemand', 'False NotLimited', 'True FitsDemand']],
  ['a demand that grew', auto(), people(150), ['True FollowsDemand', 'False NotLimited', 'False PodsComing']],
  [
    'too low a maximum',
    auto({ maxPods: 1 }),
    people(150),
    ['True FollowsDemand', 'True MaxPods', 'False MaxPods'],
  ],
  [
    'a silent pod',
    auto(),
    [aPod({ facts: silence })],
    ['False MissingMetrics', 'False NotLimited', 'True FitsDemand'],
  ],
  [
    'a dry run',
    auto({ dryRun: true }),
    people(150),
    ['False DryRun', 'False NotLimited', 'False TooFewPods'],
  ],
  [
    'a schedule that cannot be read',
    auto({ schedules: [holiday] }),
    people(50),
    ['False InvalidSchedule', 'False NotLimited', 'True FitsDemand'],
  ],
  ['enough replicas', manual, people(50), ['False Manual', 'False NotLimited', 'True FitsDemand']],
  ['too few replicas', manual, people(150), ['False Manual', 'False NotLimited', 'False TooFewPods']],
  [
    'another autoscaler',
    { ...manual, scaling: { ...manual.scaling, mode: 'External' } },
    people(50),
    ['True External', 'False NotLimited', 'True FitsDemand'],
  ],
])('conditions name %s', (...[, spec, pods, expected]) => {
  expect(conditions(spec, pods)).toEqual(expected);
});

test('too few pods name the fix', () => {
  const cluster = aCluster(manual);
  const decision = decideFleet({ cluster, pods: people(150), revision: 'current', nowMs });
  expect(scalingConditions({ cluster, decision })[2]?.message).toBe(
    'Demand and headroom need 2 pods, 1 are in DNS: raise spec.replicas, or set scaling.mode: Auto',
  );
});
