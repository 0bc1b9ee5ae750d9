/** Plays one scenario in virtual time and says what was violated. */
import { rtcClusterSchema } from '../../../operator/api/rtccluster.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { hasConverged, noOscillation, noWritesAtRest } from './calm.ts';
import { People } from './calls.ts';
import { doDeed, nodeName } from './deeds.ts';
import { readyEndpoints } from './dns.ts';
import { Monitor, type Violation } from './monitor.ts';
import { createRandom } from './random.ts';
import type { Scenario } from './scenario.ts';
import { fairWeather } from './weather.ts';
import { clusterKey, World } from './world.ts';

/** What came of a scenario. */
export interface Result {
  readonly seed: number;
  /** Writes of operators, each checked against every invariant. */
  readonly steps: number;
  readonly callsStarted: number;
  /** Calls that ended with an SFU that was taken from us: power loss, or somebody else's deletion. */
  readonly callsLostToOthers: number;
  /** Calls that ended at their stated deadline. */
  readonly callsEndedAtDeadline: number;
  /** Calls that we dropped. */
  readonly callsDropped: number;
  readonly violations: readonly Violation[];
}

/** Time to come to rest, and then to be at rest. */
const calm = { settleMs: 480_000, quietMs: 240_000, finishMs: 420_000 } as const;
const badTags = ['broken', '0.16.0'];

/** What a test adds to a scenario: a hand that breaks something, to see that it is noticed. */
export type Intruder = (world: World, monitor: Monitor) => void;

/** See the file comment. */
export async function playScenario(
  scenario: Scenario,
  intruder: Intruder = () => undefined,
): Promise<Result> {
  const random = createRandom(scenario.seed ^ 0x5eed);
  const monitor = new Monitor();
  const world = new World({ random, observer: monitor, dnsTtlSeconds: scenario.dnsTtlSeconds });
  monitor.watch(world);
  for (let node = 1; node <= scenario.nodes; node += 1)
    world.machines.add(nodeName(node), `10.99.0.${10 + node}`);
  world.server.create(resources.rtcclusters, {
    apiVersion: 'rtc.progressnet.gr/v1alpha1',
    kind: 'RTCCluster',
    metadata: clusterKey,
    spec: scenario.spec,
  });
  const people = new People({ world, monitor, random: random.fork(), callEveryMs: scenario.callEveryMs });
  for (const operator of scenario.operators) world.startOperator(operator);
  for (const event of scenario.events) world.time.after(event.atMs, () => doDeed(world, event, people));
  intruder(world, monitor);
  await world.time.runUntil(scenario.calmAtMs);
  await comeToRest(world, monitor, people);
  return resultOf(scenario, world, monitor);
}

async function comeToRest(world: World, monitor: Monitor, people: People): Promise<void> {
  const { time, machines, weather } = world;
  Object.assign(weather, fairWeather());
  for (const machine of machines.all) machines.restore(machine);
  for (const sfu of machines.running) sfu.isSilent = false;
  people.holdStill();
  await time.runUntil(time.nowMs + calm.settleMs);
  const quietFromMs = time.nowMs;
  await time.runUntil(time.nowMs + calm.quietMs);
  const writes = monitor.writes.filter(({ atMs }) => atMs >= quietFromMs).map(({ text }) => text);
  report(monitor, 'I5 no oscillation', noOscillation({ writes }));
  report(monitor, 'I6 no writes at rest', noWritesAtRest({ writes }));
  people.hangUp();
  await time.runUntil(time.nowMs + calm.finishMs);
  report(monitor, 'I10 convergence', hasConverged(settledOf(world)));
}

function settledOf({ cluster, server }: World): Parameters<typeof hasConverged>[0] {
  return {
    cluster: cluster && rtcClusterSchema.parse(cluster),
    pods: server.list(resources.pods),
    nodes: server.list(resources.nodes),
    inDns: readyEndpoints(server, clusterKey.namespace).length,
    badTags,
  };
}

function report(monitor: Monitor, invariant: string, message: string | undefined): void {
  if (message !== undefined) monitor.report(invariant, message);
}

function resultOf({ seed }: Scenario, world: World, monitor: Monitor): Result {
  const count = (whose: ReturnType<Monitor['blameOf']>): number =>
    world.drops
      .filter((drop) => monitor.blameOf(drop) === whose)
      .reduce((sum, { calls }) => sum + calls.length, 0);
  return {
    seed,
    steps: monitor.steps,
    callsStarted: world.mattermost.started,
    callsLostToOthers: count('others'),
    callsEndedAtDeadline: count('deadline'),
    callsDropped: count('us'),
    violations: monitor.violations,
  };
}
