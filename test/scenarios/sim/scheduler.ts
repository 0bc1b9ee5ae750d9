/** Binds pods to nodes that they fit on. Respects ports, taints, cordons and labels; says so when no node fits. */
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { nodeNameOf, nodeView } from '../../../operator/reconcile/nodeView.ts';
import type { Soon } from './delays.ts';
import type { MachineServer } from './machine.ts';
import type { Random } from './random.ts';
import { schedulingProblem } from './scheduling.ts';

/** What a scheduler is made of. */
export interface SchedulerDeps {
  readonly server: MachineServer;
  readonly random: Random;
  readonly soon: Soon;
}

/** Starts it. A pod that waits is looked at again when a pod has gone or a node has changed. */
export function startScheduler(deps: SchedulerDeps): void {
  const { server, soon } = deps;
  const later = (pod: KubeObject): void => {
    if (nodeNameOf(pod) === undefined) soon('schedule', () => schedule(deps, pod.metadata.uid ?? ''));
  };
  server.subscribe(({ resource, type, object }) => {
    if (resource.kind === 'Node' || (resource.kind === 'Pod' && type === 'DELETED'))
      server.list(resources.pods).forEach(later);
    else if (resource.kind === 'Pod') later(object);
  });
}

function schedule({ server, random }: SchedulerDeps, uid: string): void {
  const pods = server.list(resources.pods);
  const pod = pods.find(({ metadata }) => metadata.uid === uid);
  if (pod === undefined || nodeNameOf(pod) !== undefined || pod.metadata.deletionTimestamp !== undefined)
    return;
  const nodes = server.list(resources.nodes).map(nodeView);
  const fitting = nodes.filter((node) => schedulingProblem(pod, node, pods) === undefined);
  if (fitting.length === 0) {
    const no = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no node fits' };
    const status = { conditions: [no] };
    server.mergePatch(resources.pods, { ...pod.metadata, subresource: 'status' }, { status });
    return;
  }
  server.bind(pod.metadata, random.pick(fitting).name);
}
