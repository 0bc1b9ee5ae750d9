/** How people's wishes about single pods are written down, as `docs/drains.md` tells them to. */
import { annotations } from '../../../../operator/desired/names.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';
import * as resources from '../../../../operator/kube/resources.ts';
import { nodeNameOf } from '../../../../operator/reconcile/nodeView.ts';
import { nodeName } from '../machine.ts';
import type { World } from '../world.ts';
import type { PersonDeed } from './personDeed.ts';
import { deadlineByPerson, forever } from './requests.ts';

type Done<K extends PersonDeed['kind']> = (world: World, deed: Extract<PersonDeed, { kind: K }>) => void;

/** See the file comment. A pod that is not there is left alone, and so is a drain. */
export const personDeeds: { readonly [K in PersonDeed['kind']]: Done<K> } = {
  request(world, { node, state }) {
    annotate(world, podsOn(world, node), { [annotations.requestedState]: state ?? null });
  },
  moveDeadline(world, { node, inMs }) {
    const time = inMs === undefined ? undefined : new Date(world.server.nowMs + inMs).toISOString();
    const wanted = { [annotations.drainDeadline]: time ?? null, [deadlineByPerson]: time ?? forever };
    annotate(world, podsOn(world, node).filter(isDrained), wanted);
  },
  endDrain(world, { node }) {
    const wanted = { [annotations.drain]: null, [annotations.drainStarted]: null };
    annotate(world, podsOn(world, node).filter(isDrained), wanted);
  },
};

type Marks = Readonly<Record<string, string | null>>;

function annotate({ server }: World, on: readonly KubeObject[], marks: Marks): void {
  for (const { metadata } of on)
    server.mergePatch(resources.pods, metadata, { metadata: { annotations: marks } });
}

function podsOn({ server }: World, node: number): KubeObject[] {
  return server.list(resources.pods).filter((pod) => nodeNameOf(pod) === nodeName(node));
}

function isDrained({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[annotations.drain] !== undefined;
}
