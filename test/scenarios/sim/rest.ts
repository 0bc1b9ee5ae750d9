/** The end of a scenario: the weather is fair, nobody does anything any more, and the fleet has to come to rest and to converge. */
import { rtcClusterSchema } from '../../../operator/api/rtccluster.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { nodeNameOf } from '../../../operator/reconcile/nodeView.ts';
import { deadlineWithin, hasConverged, noOscillation, noWritesAtRest, updateMs } from './calm.ts';
import type { People } from './calls.ts';
import { readyEndpoints } from './dns.ts';
import { requestsAreMet } from './kinds/requests.ts';
import { noneIsTooMany } from './kinds/surplus.ts';
import { badTags, isBad } from './images.ts';
import { imageOf } from './kubelet.ts';
import type { Monitor } from './monitor.ts';
import type { Settled } from './settled.ts';
import { fairWeather } from './weather.ts';
import { clusterKey, type World } from './world.ts';

/** Time to come to rest at most, to be at rest, and to converge when the last call has ended; updates and deadlines take theirs before. */
const calm = {
  settleMs: 480_000,
  /** Without a write for so long a fleet rests already. An autoscaler's windows are longer. */
  stillMs: 150_000,
  quietMs: 240_000,
  finishMs: 420_000,
  lookMs: 30_000,
  afterDeadlineMs: 120_000,
} as const;

/** See the file comment. */
export async function comeToRest(world: World, monitor: Monitor, people: People): Promise<void> {
  const { time, machines, weather } = world;
  Object.assign(weather, fairWeather());
  for (const machine of machines.all) machines.restore(machine);
  for (const sfu of machines.running) sfu.isSilent = false;
  people.holdStill();
  await endUpdate(world);
  await settle(world, monitor);
  await passDeadlines(world, monitor);
  const quietFromMs = time.nowMs;
  await time.runUntil(time.nowMs + calm.quietMs);
  const writes = monitor.writes.filter(({ atMs }) => atMs >= quietFromMs).map(({ text }) => text);
  report(monitor, 'I5 no oscillation', noOscillation({ writes }));
  report(monitor, 'I6 no writes at rest', noWritesAtRest({ writes }));
  people.hangUp();
  await endUpdate(world);
  const untilMs = time.nowMs + calm.finishMs;
  while (time.nowMs < untilMs && unmet(world).size > 0) await time.runUntil(time.nowMs + calm.lookMs);
  for (const [invariant, message] of unmet(world)) monitor.report(invariant, message);
}

/** What is not yet as it must be in the end, by invariant. */
function unmet(world: World): ReadonlyMap<string, string> {
  const settled = settledOf(world);
  const found = {
    'I10 convergence': hasConverged(settled),
    'I13 a request is obeyed': requestsAreMet(settled, world.server.nowMs),
    'I17 none is too many': noneIsTooMany(settled),
  };
  return new Map(Object.entries(found).flatMap(([name, why]) => (why === undefined ? [] : [[name, why]])));
}

async function settle({ time, cluster }: World, { writes }: Monitor): Promise<void> {
  const spec = cluster?.['spec'] as { readonly scaling?: { readonly mode?: string } } | undefined;
  const untilMs = time.nowMs + calm.settleMs;
  const stillMs = spec?.scaling?.mode === 'Auto' ? calm.settleMs : calm.stillMs;
  for (let fromMs = time.nowMs; time.nowMs < untilMs && time.nowMs < fromMs + stillMs;) {
    await time.runUntil(time.nowMs + calm.lookMs);
    fromMs = Math.max(fromMs, writes.findLast(({ text }) => !text.includes('/figures '))?.atMs ?? 0);
  }
}

/** Waits for an update that is under way, for no longer than it may take. */
async function endUpdate(world: World): Promise<void> {
  const { time } = world;
  const untilMs = time.nowMs + longestUpdateMs(world);
  while (time.nowMs < untilMs && longestUpdateMs(world) > 0) await time.runUntil(time.nowMs + calm.lookMs);
}

/** A deadline that comes true is no restlessness. */
async function passDeadlines({ time }: World, monitor: Monitor): Promise<void> {
  for (let dueMs = deadlineWithin(monitor.scenes.now(), calm.quietMs); dueMs !== undefined;) {
    await time.runUntil(time.nowMs + dueMs + calm.afterDeadlineMs);
    dueMs = deadlineWithin(monitor.scenes.now(), calm.quietMs);
  }
}

function longestUpdateMs({ cluster: object, server, mattermost }: World): number {
  if (object === undefined) return 0;
  const cluster = rtcClusterSchema.parse(object);
  const { image = '' } = cluster.spec.engine;
  const pods = server.list(resources.pods);
  const updated = pods.filter((pod) => imageOf(pod) === image);
  const sinceMs = updated.filter((pod) => nodeNameOf(pod) !== undefined).map(createdMs);
  return updateMs({
    ...{
      cluster,
      isBad: isBad(image),
      outdated: pods.length - updated.length,
      hasCalls: mattermost.calls.length > 0,
    },
    ...(sinceMs.length > 0 && { triedForMs: server.nowMs - Math.min(...sinceMs) }),
  });
}

function createdMs({ metadata }: KubeObject): number {
  return Date.parse(metadata.creationTimestamp ?? '');
}

function settledOf({ cluster, server }: World): Settled {
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
