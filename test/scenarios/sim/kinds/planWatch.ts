/** I21: what was planned is asked for while its time lasts. Nothing is expected in foul weather, or of an operator that has just begun. */
import { rtcClusterSchema } from '../../../../operator/api/rtccluster.ts';
import * as resources from '../../../../operator/kube/resources.ts';
import { nodeView } from '../../../../operator/reconcile/nodeView.ts';
import { isFair } from '../weather.ts';
import type { World } from '../world.ts';
import { floorAt, type Plan } from './plan.ts';

/** The number is decided anew every ten seconds; another leader may have to take over, and looks for as long. */
const noticedMs = 100_000;
const lookMs = 5_000;

/** See the file comment. `plans` in milliseconds since the epoch; looks for as long as there are any ahead. */
export function watchPlans(world: World, plans: readonly Plan[]): void {
  const endMs = Math.max(0, ...plans.map(({ toMs }) => toMs));
  const look = (before: string, sinceMs: number): void => {
    if (world.server.nowMs >= endMs) return;
    const missed = missedIn(world, plans);
    const fromMs = missed !== undefined && missed === before ? sinceMs : world.time.nowMs;
    if (world.time.nowMs - fromMs >= noticedMs) {
      world.report('I21 what was planned is asked for', missed ?? '');
      return;
    }
    world.time.after(lookMs, () => look(missed ?? '', fromMs));
  };
  look('', world.time.nowMs);
}

/** More is planned than is asked for; undefined where that is as it should be, or nobody could know. */
function missedIn(world: World, plans: readonly Plan[]): string | undefined {
  if (!isFair(world.weather) || world.leader() === '' || world.cluster === undefined) return undefined;
  const { metadata, spec, status } = rtcClusterSchema.parse(world.cluster);
  const { scaling } = spec;
  if (metadata.deletionTimestamp !== undefined || scaling.dryRun) return undefined;
  const { pods } = floorAt(plans, world.server.nowMs, scaling.target.sessionsPerPod ?? Infinity);
  const nodes = world.server.list(resources.nodes).map(nodeView);
  const open = nodes.filter(
    ({ isReady, isCordoned, taints }) => isReady && !isCordoned && taints.length === 0,
  );
  const planned = Math.min(pods, scaling.maxPods, Math.max(open.length, scaling.minPods));
  const { desiredPods = 0 } = status;
  return desiredPods >= planned
    ? undefined
    : `${planned} pods are planned, ${desiredPods} are asked for, ${world.leader()} leads`;
}
