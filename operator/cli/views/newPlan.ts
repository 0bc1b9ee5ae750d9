/** PURE: a spec of which there is no object yet → whether it can be read, and how many pods it asks for. */
import { rtcClusterSchema } from '../../api/rtccluster.ts';
import { turnServerSchema } from '../../api/turnserver.ts';
import { decideFleet } from '../../fleet/decide.ts';
import type { KubeObject } from '../../kube/api.ts';
import { parsedAs } from '../../reconcile/observed.ts';
import { aboutOf } from './about.ts';
import { noPlan, type PlanView } from './plan.ts';

/** Nobody has looked at its nodes. */
const untold = [
  'On which nodes its pods come to be: the operator has looked at none for it yet',
  'What the API server would refuse: kubectl apply --dry-run=server tells that',
];

/** Of a manifest that has no namespace of its own it is this one. */
export function newPlanView(
  { namespace, manifest }: { readonly namespace: string; readonly manifest: unknown },
  nowMs: number,
): PlanView {
  const given = manifest as Pick<KubeObject, 'metadata'>;
  // The API server gives it one.
  const uid = 'none yet';
  const object = { ...given, metadata: { namespace, uid, ...given.metadata } } as KubeObject;
  const about = aboutOf(object);
  const parsed =
    object.kind === 'TurnServer'
      ? parsedAs(turnServerSchema, object, undefined)
      : parsedAs(rtcClusterSchema, object, undefined);
  if (!parsed.ok) return { ...noPlan(about, parsed.message), untold };
  const none = { drains: [], held: [], deletions: [], creates: 0, later: [], writes: [] };
  return { about, ...none, untold, asksFor: podsOf(object, nowMs) };
}

function podsOf(object: KubeObject, nowMs: number): string {
  if (object.kind !== 'TurnServer') {
    const cluster = rtcClusterSchema.parse(object);
    return counted(decideFleet({ cluster, pods: [], revision: 'first', nowMs }).wanted);
  }
  const { mode, replicas } = turnServerSchema.parse(object).spec.placement;
  return mode === 'EveryNode' ? 'a pod on every node that fits' : counted(replicas);
}

function counted(pods: number): string {
  return pods === 1 ? '1 pod' : `${pods} pods`;
}
