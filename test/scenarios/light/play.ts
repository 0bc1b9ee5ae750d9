/** Plays one story in a light world, with faults at some of the operator's writes, until nothing is left to do. */
import { rtcClusterSchema, type RtcClusterStatus } from '../../../operator/api/rtccluster.ts';
import { annotations, labels } from '../../../operator/desired/names.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { nodeNameOf, nodeView } from '../../../operator/reconcile/nodeView.ts';
import { eventually } from '../../support/eventually.ts';
import { hasConverged, noOscillation, noWritesAtRest } from '../sim/calm.ts';
import { People } from '../sim/calls.ts';
import { readyEndpoints } from '../sim/dns.ts';
import type { Violation } from '../sim/monitor.ts';
import { createRandom } from '../sim/random.ts';
import type { Story, WriteFault } from '../sim/stories.ts';
import { doLightDeed } from './deeds.ts';
import { differences } from './differences.ts';
import { LightWorld, type Ground } from './world.ts';

/** A story and what goes wrong in it. */
export interface Play {
  readonly story: Story;
  /** Names the world. */
  readonly name: string;
  readonly lane: number;
  /** Asked at each write since the story began, from 1. */
  readonly faultAt: (write: number) => WriteFault | undefined;
  /** More that goes wrong, from the deed on; what it returns ends it. Default: nothing. */
  readonly weather?: (world: LightWorld) => Promise<void>;
}

/** What came of it. */
export interface Outcome {
  /** Writes of the operator since the story began. */
  readonly writes: number;
  readonly callsStarted: number;
  readonly callsDropped: number;
  readonly violations: readonly Violation[];
  readonly problems: readonly string[];
}

/** Real time. */
const quietMs = 3_000;
const patience = { timeoutMs: 120_000, intervalMs: 200 };
/** In the life of Mattermost: a call every three seconds of ours, none longer than eight. */
const life = { callEveryMs: 30_000, longestCallMs: 80_000 };

/** See the file comment. */
export async function playLight(ground: Ground, play: Play): Promise<Outcome> {
  const { story, name, lane } = play;
  const spec = { replicas: story.replicas, engine: { image: 'sfu:1.2.6' } };
  const world = new LightWorld(ground, { name, lane, spec, nodes: 5, seed: 1 });
  try {
    await world.start();
    await act(world, play);
  } catch (error) {
    world.problems.push(String(error), membersOf(world));
  } finally {
    await world.close();
  }
  return {
    writes: world.oracle.writes,
    callsStarted: world.mattermost.started,
    callsDropped: world.dropped.us,
    violations: world.monitor.violations,
    problems: world.problems,
  };
}

/** What the operator itself says about it. */
function membersOf({ cluster }: LightWorld): string {
  const { members = [], conditions = [] } = (cluster?.['status'] ?? {}) as Partial<RtcClusterStatus>;
  const lines = [
    ...members.map(({ name, state, reason, message }) => `${name} ${state} ${reason}: ${message}`),
    ...conditions.map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`),
  ];
  return lines.join('\n  ');
}

async function act(world: LightWorld, { story, faultAt, weather }: Play): Promise<void> {
  await eventually(() => unfinished(world), patience);
  await eventually(() => hostsMissing(world, story.replicas), patience);
  const people = new People({ world, monitor: world.monitor, random: createRandom(2), ...life });
  for (let call = 0; call < story.replicas * 2; call += 1) people.begin(3);
  world.oracle.interfere(faultAt);
  const storm = weather?.(world);
  await doLightDeed(world, story);
  await storm;
  if (story.deed.kind === 'deleteCluster') await leave(people);
  await eventually(() => unfinished(world), patience);
  people.holdStill();
  await rest(world);
  people.hangUp();
}

/** Nobody calls a Mattermost whose SFUs are being deleted for ever: with an empty DNS it keeps the hosts that it has. */
async function leave(people: People): Promise<void> {
  people.holdStill();
  await quiet();
  people.hangUp();
}

function hostsMissing({ mattermost }: LightWorld, count: number): string | undefined {
  const open = [...mattermost.hosts.values()].filter(
    ({ isConnected, isFlagged }) => isConnected && !isFlagged,
  );
  return open.length === count ? undefined : `Mattermost knows ${open.length} hosts of ${count}`;
}

/** I5 and I6: who has nothing to do changes nothing. */
async function rest(world: LightWorld): Promise<void> {
  // What it last had to say about sessions.
  await quiet();
  await world.look();
  const begun = world.monitor.writes.length;
  const before = world.cluster?.['status'];
  await quiet();
  await world.look();
  const writes = world.monitor.writes.slice(begun).map(({ text }) => text);
  const checks = { 'I5 no oscillation': noOscillation, 'I6 no writes at rest': noWritesAtRest };
  for (const [name, check] of Object.entries(checks)) {
    const message = check({ writes });
    if (message === undefined) continue;
    const changes = differences(before, world.cluster?.['status']);
    world.monitor.report(name, [message, ...changes].join('; '));
  }
}

function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, quietMs));
}

/** What is still to be done: undefined when all pods are in DNS, as the spec wants them, on nodes that want them. */
async function unfinished(world: LightWorld): Promise<string | undefined> {
  await world.look();
  const { cluster, server, namespace } = world;
  const pods = server.list(resources.pods);
  const parsed = cluster && rtcClusterSchema.parse(cluster);
  const nodes = server.list(resources.nodes);
  const inDns = readyEndpoints(server, namespace).length;
  const missing = hasConverged({ cluster: parsed, pods, nodes, inDns, badTags: [] });
  if (missing !== undefined || parsed === undefined) return missing;
  const { replicas = 0, engine } = parsed.spec;
  if (pods.length !== replicas) return `${pods.length} pods of ${replicas}`;
  const untold = untoldBy(parsed.status, replicas);
  if (untold !== undefined) return untold;
  return pods.map((pod) => wrongWith(pod, nodes, engine.image ?? '')).find((what) => what !== undefined);
}

/** What the status still has to say of a cluster with so many pods: an operator that was killed has to start before it can. */
function untoldBy(status: Partial<RtcClusterStatus>, wanted: number): string | undefined {
  const { publishedPods = 0, replicas = 0, drainingPods = 0, conditions = [] } = status;
  if ([publishedPods, replicas].some((count) => count !== wanted) || drainingPods > 0)
    return `the status tells ${replicas} pods, ${publishedPods} published, ${drainingPods} draining`;
  const ready = conditions.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' ? undefined : 'Ready is not True';
}

function wrongWith(pod: KubeObject, nodes: readonly KubeObject[], image: string): string | undefined {
  const { name, labels: found = {}, annotations: marks = {} } = pod.metadata;
  const { containers } = pod['spec'] as { readonly containers: readonly { readonly image: string }[] };
  const node = nodes.map(nodeView).find((one) => one.name === nodeNameOf(pod));
  const told = marks[annotations.address] ?? '';
  const faults: Readonly<Record<string, boolean | undefined>> = {
    'is not published': found[labels.published] !== 'true',
    'has the old image': containers.some((container) => container.image !== image),
    'is on a node that is closed': node?.isCordoned,
    'tells an old address': node?.addresses.every(({ address }) => address !== told),
  };
  const [fault] = Object.entries(faults).find(([, isSo]) => isSo) ?? [];
  return fault === undefined ? undefined : `${name} ${fault}`;
}

/** What of an outcome must be as in `clean`. */
export function verdictOf({ callsDropped, violations, problems }: Outcome): Verdict {
  return { callsDropped, violations, problems };
}

type Verdict = Pick<Outcome, 'callsDropped' | 'violations' | 'problems'>;

/** Nothing went wrong that must not. */
export const clean: Verdict = { callsDropped: 0, violations: [], problems: [] };

/** Of many plays. */
export function sumsOf(outcomes: readonly Outcome[]): Readonly<Record<string, number>> {
  const sum = (of: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, one) => total + of(one), 0);
  return {
    plays: outcomes.length,
    writes: sum(({ writes }) => writes),
    callsStarted: sum(({ callsStarted }) => callsStarted),
    callsDropped: sum(({ callsDropped }) => callsDropped),
    violations: sum(({ violations }) => violations.length),
  };
}

/** One line for people who wait. */
export function lineOfPlay(name: string, outcome: Outcome): string {
  const { writes, callsStarted, callsDropped, violations, problems } = outcome;
  const wrong = [...violations.map(({ invariant, message }) => `${invariant}: ${message}`), ...problems];
  return [`${name}: ${writes} writes, ${callsStarted} calls, ${callsDropped} dropped`, ...wrong].join('\n  ');
}
