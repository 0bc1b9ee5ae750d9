/** How ways are closed, and what an operator is then expected to do about it. */
import { rtcClusterSchema, type RtcCluster } from '../../../../operator/api/rtccluster.ts';
import { labels } from '../../../../operator/desired/names.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';
import { nodeNameOf } from '../../../../operator/reconcile/nodeView.ts';
import { readyEndpoints } from '../dns.ts';
import { nodeName, type Machine, type Way } from '../machine.ts';
import { isFair } from '../weather.ts';
import type { World } from '../world.ts';
import type { ProbeDeed } from './probeDeed.ts';

/** A pod may be called a minute after the last time, and again 15 s after each of two failures; a call takes seconds. */
const noticedMs = 130_000;
const lookMs = 5_000;

/** See the file comment. */
export const probeDeeds = {
  closeWay(world: World, { way, node, forMs }: ProbeDeed): void {
    const machines = world.machines.all.filter(({ name }) => node === undefined || name === nodeName(node));
    for (const machine of machines) {
      machine.closed.add(way);
      expectNotice(world, machine, way);
    }
    world.time.after(forMs, () => machines.forEach(({ closed }) => closed.delete(way)));
  },
};

/** I16, second half: looks for as long as the way is closed. Whoever has calls is not called. */
function expectNotice(world: World, machine: Machine, way: Way): void {
  const startedMs = world.time.nowMs;
  const look = (before: string, sinceMs: number): void => {
    if (!machine.closed.has(way)) return;
    const circumstances = circumstancesOf(world, machine, way);
    const isSame = circumstances !== undefined && circumstances === before;
    const fromMs = isSame ? sinceMs : world.time.nowMs;
    if (isSame && world.time.nowMs - fromMs >= noticedMs) {
      world.report(
        'I16 only whom calls reach is published',
        `${way} closed on ${machine.name}: ${circumstances}`,
      );
      return;
    }
    world.time.after(lookMs, () => look(circumstances ?? '', fromMs));
  };
  look('', startedMs);
}

/** What would have to be noticed by now if it stays so; undefined when nothing has to. */
function circumstancesOf(world: World, machine: Machine, way: Way): string | undefined {
  if (!isFair(world.weather) || world.leader() === '' || world.cluster === undefined) return undefined;
  const cluster = rtcClusterSchema.parse(world.cluster);
  if (cluster.metadata.deletionTimestamp !== undefined) return undefined;
  const inDns = readyEndpoints(world.server, world.namespace);
  const pod = inDns.find((one) => nodeNameOf(one) === machine.name);
  if (pod === undefined || !isIdle(world, pod)) return undefined;
  const others = inDns.filter((one) => one !== pod && isOpen(world, one)).length;
  const fact = `${pod.metadata.uid ?? ''} is in DNS, ${world.leader()} leads`;
  return isMissed(cluster, way, others) ? fact : undefined;
}

/** It is in DNS: whether it must not be, or somebody must be told that it should not. */
function isMissed({ spec, status }: RtcCluster, way: Way, others: number): boolean {
  const { verify } = spec.network.address;
  if (way === 'media' || verify === 'Gate') return others >= spec.discovery.minPublished && others > 0;
  const told = status.conditions?.find(({ type }) => type === 'AddressesReachable');
  return verify === 'Advisory' && others > 0 && told?.status !== 'False';
}

/** Only such a pod is called. */
function isIdle({ machines }: World, { metadata }: KubeObject): boolean {
  const sfu = machines.sfuOf(metadata.uid ?? '');
  return sfu?.isSilent === false && sfu.sessions === 0;
}

/** Nothing stands in its way, and it can call others. */
function isOpen({ machines }: World, pod: KubeObject): boolean {
  const machine = machines.all.find(({ name }) => name === nodeNameOf(pod));
  const sfu = machines.sfuOf(pod.metadata.uid ?? '');
  return (
    machine?.closed.size === 0 &&
    sfu?.isSilent === false &&
    pod.metadata.labels?.[labels.published] === 'true'
  );
}
