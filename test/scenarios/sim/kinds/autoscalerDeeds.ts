/** An autoscaler outside: as an HPA does it, every 15 s, with a tolerance of a tenth. */
import * as resources from '../../../../operator/kube/resources.ts';
import { clusterKey, type World } from '../world.ts';
import type { AutoscalerDeed } from './autoscalerDeed.ts';

const syncMs = 15_000;
const tolerance = 0.1;

/** See the file comment. */
export const autoscalerDeeds = {
  autoscale(world: World, deed: AutoscalerDeed): void {
    const untilMs = world.time.nowMs + deed.forMs;
    const sync = (): void => {
      if (world.time.nowMs >= untilMs || world.cluster === undefined) return;
      const { replicas = 1 } = world.cluster['spec'] as { readonly replicas?: number };
      const wanted = wantedOf(world, replicas, deed);
      if (wanted !== replicas)
        world.server.mergePatch(resources.rtcclusters, clusterKey, { spec: { replicas: wanted } });
      world.time.after(syncMs, sync);
    };
    sync();
  },
};

function wantedOf(
  { machines }: World,
  replicas: number,
  { sessionsPerPod, maxPods }: AutoscalerDeed,
): number {
  const sessions = machines.running.reduce((sum, sfu) => sum + sfu.sessions, 0);
  const ratio = sessions / Math.max(1, replicas) / sessionsPerPod;
  if (Math.abs(ratio - 1) <= tolerance) return replicas;
  return Math.min(maxPods, Math.max(1, Math.ceil(replicas * ratio)));
}
