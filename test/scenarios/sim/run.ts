/** Plays one scenario in virtual time and says what was violated. */
import * as resources from '../../../operator/kube/resources.ts';
import { People } from './calls.ts';
import { doDeed } from './deeds.ts';
import { nodeName } from './machine.ts';
import type { Span } from './kinds/clockTimes.ts';
import { watchPlans } from './kinds/planWatch.ts';
import { Monitor, type Violation } from './monitor.ts';
import { createRandom } from './random.ts';
import { startMs } from './time.ts';
import { comeToRest } from './rest.ts';
import type { Scenario } from './scenario.ts';
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

/** In fair weather: one reconcile may be under way before an operator sees what people write; a plan has some twenty writes. */
const fair = { seenWithinMs: 10_000, slowestWriteMs: 1_000 };

/** What a test adds to a scenario: a hand that breaks something, to see that it is noticed. */
export type Intruder = (world: World, monitor: Monitor) => void;

/** See the file comment. */
export async function playScenario(
  scenario: Scenario,
  intruder: Intruder = () => undefined,
): Promise<Result> {
  const random = createRandom(scenario.seed ^ 0x5eed);
  const monitor = new Monitor();
  const world = new World({
    random,
    observer: monitor,
    dnsTtlSeconds: scenario.dnsTtlSeconds,
    placesProbes: scenario.placesProbes === true,
  });
  monitor.watch(world);
  if (!scenario.events.some(({ kind }) => kind === 'weather')) Object.assign(monitor.scenes, fair);
  monitor.scenes.hours = scenario.hours?.map(byTheClock);
  monitor.scenes.plans = (scenario.plans ?? []).map(byTheClock);
  watchPlans(world, monitor.scenes.plans);
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

/** In milliseconds since the epoch instead of the begin. */
function byTheClock<S extends Span>(span: S): S {
  return { ...span, fromMs: startMs + span.fromMs, toMs: startMs + span.toMs };
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
