/** Our own policy: the very decisions of the operator, from pods to drains, with the facts of the model. */
import { decideFleet } from '../../operator/fleet/decide.ts';
import type { Facts, PodMarks, PodView } from '../../operator/fleet/pod.ts';
import type { ScaleHistory } from '../../operator/fleet/scale/history.ts';
import { aNode, aPod, facts, without } from '../support/pods.ts';
import { aCluster } from '../support/rtcclusters.ts';
import type { Fleet, ModelPod } from './fleet.ts';
import type { Policy } from './policies.ts';

/** With this `spec.scaling` beside mode and bounds. */
export function ours(name: string, scaling: object = {}): Policy {
  const spec = { mode: 'Auto', minPods: 2, maxPods: 20, ...scaling };
  const cluster = aCluster({ replicas: undefined, scaling: spec });
  let history: ScaleHistory | undefined;
  return {
    name,
    tick(fleet) {
      const byUid = new Map(fleet.pods.map((pod) => [pod.name, pod]));
      const pods = fleet.pods.map((pod) => viewOf(pod, fleet));
      const nowMs = startMs + fleet.nowMs;
      const decision = decideFleet({
        ...{ cluster, pods, revision: 'current', nowMs },
        ...(history && { history }),
      });
      history = decision.history;
      for (const { pod, isPublished, drain } of decision.members) {
        const model = byUid.get(pod.uid);
        if (model === undefined) continue;
        if (isPublished) fleet.publish(model);
        else model.isPublished = false;
        model.drain = drain;
      }
      for (const { pod } of decision.deletions) {
        const model = byUid.get(pod.uid);
        if (model !== undefined) fleet.remove(model);
      }
      for (let left = decision.create; left > 0; left -= 1) fleet.create();
      return decision.wanted;
    },
  };
}

/** The model begins at 0; pods have dates. */
const startMs = Date.parse('2026-11-23T00:00:00Z');

function viewOf(pod: ModelPod, fleet: Fleet): PodView {
  const { name, node, isPublished, drain } = pod;
  const isReady = fleet.isReady(pod);
  const view = aPod({
    ...{ name, uid: name, nodeName: node, node: aNode({ name: node }), isReady },
    createdMs: startMs + pod.createdMs,
    facts: factsOf(pod, fleet),
  });
  const marks: PodMarks = {
    ...{ isPublished, isBusy: pod.calls.size > 0, address: view.marks.address },
    ...(pod.publishedSinceMs !== undefined && { publishedSinceMs: startMs + pod.publishedSinceMs }),
    ...(pod.firstPublishedMs !== undefined && { firstPublishedMs: startMs + pod.firstPublishedMs }),
    ...(drain && { drain }),
  };
  return { ...(isReady ? view : without(view, 'facts')), marks };
}

function factsOf(pod: ModelPod, fleet: Fleet): Facts {
  const counts = fleet.counts(pod);
  const idle = pod.idleSinceMs === undefined ? {} : { sessionlessSinceMs: startMs + pod.idleSinceMs };
  return facts({
    ...{ sessions: counts.sessions, load: pod.load, isDraining: pod.drain !== undefined, ...idle },
    measures: { atMs: startMs + fleet.nowMs, cores: 1, counts },
  });
}
