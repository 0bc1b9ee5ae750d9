/** How replicas are stopped and clusters paused, and whether a planned stop is a short one. */
import { annotations } from '../../../../operator/desired/names.ts';
import * as resources from '../../../../operator/kube/resources.ts';
import type { OperatorProcess } from '../operatorProcess.ts';
import { isFair } from '../weather.ts';
import { clusterKey, type World } from '../world.ts';
import type { ReplicaDeed } from './replicaDeed.ts';

type Done<K extends ReplicaDeed['kind']> = (world: World, deed: Extract<ReplicaDeed, { kind: K }>) => void;

/** See the file comment. */
export const replicaDeeds: { readonly [K in ReplicaDeed['kind']]: Done<K> } = {
  stop(world, { operator, downMs }) {
    const stopped = world.operators.find(({ name }) => name.startsWith(`${operator}-`));
    if (stopped !== undefined && isAtWork(stopped) && isLeading(world, stopped))
      expectHandOver(world, stopped);
    world.stopOperator(operator, downMs);
  },
  pause(world, { value }) {
    if (world.cluster === undefined) return;
    const metadata = { annotations: { [annotations.paused]: value ?? null } };
    world.server.mergePatch(resources.rtcclusters, clusterKey, { metadata });
  },
};

/** A planned stop takes no longer, and then somebody else leads: docs/operator.md. */
const handOverMs = 3_000;
/** A replica that has just started still lists. */
const readyMs = 20_000;

/** I14, second half. Nothing is expected in foul weather, or of replicas that come and go themselves. */
function expectHandOver(world: World, stopped: OperatorProcess): void {
  const heirs = world.operators.filter(
    (other) => other !== stopped && isAtWork(other) && world.time.nowMs - other.startedMs >= readyMs,
  );
  const { leaseTransitions: before = 0 } = world.lease();
  if (!isFair(world.weather)) return;
  world.time.after(handOverMs, () => {
    if (!isFair(world.weather) || heirs.some((heir) => !isAtWork(heir))) return;
    const { holderIdentity: leader = '', leaseTransitions = 0 } = world.lease();
    if (leaseTransitions > before || (heirs.length === 0 && leader === '')) return;
    world.report('I14 one replica acts', `${handOverMs} ms after a stop "${leader}" leads`);
  });
}

function isAtWork({ clock, isStopping }: OperatorProcess): boolean {
  return !clock.isDead && !isStopping();
}

function isLeading(world: World, { name }: OperatorProcess): boolean {
  return world.leader().startsWith(`${name}_`);
}
