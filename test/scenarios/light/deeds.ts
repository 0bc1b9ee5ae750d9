/** What a story does to a light world: by the API, as people and tools do it. */
import type { RtcClusterStatus } from '../../../operator/api/rtccluster.ts';
import type { KubeObject, ObjectKey } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { nodeNameOf } from '../../../operator/reconcile/nodeView.ts';
import { eventually } from '../../support/eventually.ts';
import type { Machine } from '../sim/machine.ts';
import type { Deed } from '../sim/scenario.ts';
import type { Story } from '../sim/stories.ts';
import type { LightWorld } from './world.ts';

/** Addresses that a node may change to come after those of the nodes. */
const spareAddress = 5;

/** Does one. Resolves when it is done, not when its consequences are. */
export async function doLightDeed(world: LightWorld, { deed }: Pick<Story, 'deed'>): Promise<void> {
  switch (deed.kind) {
    case 'scale':
      return patchSpec(world, { replicas: deed.replicas });
    case 'image':
      return patchSpec(world, { engine: { image: `sfu:${deed.tag}` } });
    case 'drainNode':
      return drainNode(world);
    case 'readdress':
      return readdress(world);
    case 'deleteCluster':
      return deleteCluster(world);
    default:
      throw new RangeError(`no story on light nodes has a deed ${(deed as Deed).kind}`);
  }
}

const keyOf = ({ namespace }: LightWorld): ObjectKey => ({ namespace, name: 'calls' });

async function patchSpec(world: LightWorld, spec: object): Promise<void> {
  await world.ground.kube.mergePatch(resources.rtcclusters, keyOf(world), { spec });
}

/** The real `kubectl drain`, which asks again until the node is empty. */
async function drainNode(world: LightWorld): Promise<void> {
  const { cluster } = world.ground;
  const { name } = carrierIn(world);
  await cluster.kubectl('cordon', name);
  cluster
    .kubectl('drain', name, '--delete-emptydir-data', '--timeout=120s')
    .catch((error: unknown) => world.problems.push(String(error)));
}

/** Not before the operator knows of calls: a pod without any takes the new address at once, in one write. */
async function readdress(world: LightWorld): Promise<void> {
  const { machines, place, doors } = world;
  await eventually(async () => {
    await world.look();
    const { sessions } = (world.cluster?.['status'] ?? {}) as Partial<RtcClusterStatus>;
    return (sessions?.current ?? 0) > 0 ? undefined : 'the operator knows of no calls';
  });
  const machine = carrierIn(world);
  const sfu = machines.sfuAt(machine.address);
  machines.readdress(machine, await place.addressOf(machines.all.indexOf(machine) + 1 + spareAddress));
  if (sfu !== undefined) doors.move(sfu, machine);
}

/** Of the nodes that carry a pod the one with the most sessions. */
function carrierIn({ machines, server }: LightWorld): Machine {
  const carriers = server.list(resources.pods).map(nodeNameOf);
  const sessionsOn = ({ address }: Machine): number => machines.sfuAt(address)?.sessions ?? 0;
  const [found] = machines.all
    .filter(({ name }) => carriers.includes(name))
    .toSorted((a, b) => sessionsOn(b) - sessionsOn(a));
  if (found === undefined) throw new TypeError('no node carries a pod');
  return found;
}

async function deleteCluster(world: LightWorld): Promise<void> {
  const { metadata }: KubeObject = await world.ground.kube.get(resources.rtcclusters, keyOf(world));
  await world.ground.kube.delete(resources.rtcclusters, keyOf(world), { uid: metadata.uid ?? '' });
}
