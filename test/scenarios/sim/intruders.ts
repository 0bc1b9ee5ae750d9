/** Hands that break an operator, to see that an invariant notices: each acts as the operator would. */
import { labels } from '../../../operator/desired/names.ts';
import type { KubeApi, KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import type { Intruder } from './run.ts';
import type { Scenario } from './scenario.ts';
import type { World } from './world.ts';

/** Three nodes, two pods, calls every ten seconds, nothing that goes wrong. */
export const plain: Scenario = {
  ...{ seed: 1, nodes: 3, operators: ['a'], dnsTtlSeconds: 30, callEveryMs: 10_000, events: [] },
  spec: { replicas: 2, engine: { image: 'sfu:1.2.6' } },
  calmAtMs: 300_000,
};
/** When there are calls in it, milliseconds. */
export const busyMs = 200_000;

/** An injected fault: what it sends, it sends as the operator. */
export function at(atMs: number, act: (api: KubeApi, world: World) => Promise<unknown>): Intruder {
  return (world) => world.time.afterSettling(atMs, () => void act(world.rogueApi(), world));
}

/** All SFU pods. */
export function pods({ server }: World): KubeObject[] {
  return server.list(resources.pods);
}

/** The one with the most sessions. */
export function busiest(world: World): KubeObject {
  const [first, ...others] = pods(world);
  const sessions = ({ metadata }: KubeObject): number =>
    world.machines.sfuOf(metadata.uid ?? '')?.sessions ?? 0;
  return others.reduce((most, pod) => (sessions(pod) > sessions(most) ? pod : most), first!);
}

/** A patch of the label that puts a pod into DNS. */
export function marks({ published }: { readonly published: string | null }): { readonly metadata: object } {
  return { metadata: { labels: { [labels.published]: published } } };
}
