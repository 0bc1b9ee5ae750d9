/** What is told of a TurnServer that nothing can be decided about: its spec cannot be read, or what belongs to it cannot be seen. */
import type { TurnServerStatus } from '../../api/turnserver.ts';
import { apiTime } from '../../desired/apiTime.ts';
import type { Reason } from '../../fleet/pod.ts';
import type { KubeObject } from '../../kube/api.ts';
import type { TurnMetrics } from '../../ops/turn/metrics.ts';
import { applyStatus, type ApplyDeps } from '../apply.ts';
import { refusalEvents } from '../conditionEvents.ts';
import type { Transition } from '../events.ts';
import type { Lack } from './caches.ts';
import { refusedTurnStatus } from './status.ts';

/** What telling needs. */
export interface RefuseDeps extends ApplyDeps {
  readonly record: (about: KubeObject, transition: Transition) => void;
  readonly refuse: TurnMetrics['refuse'];
}

/** Only Ready changes, and says why; there is an event when that is new. */
export async function refuseTurn(object: KubeObject, why: Reason, deps: RefuseDeps): Promise<void> {
  const before = (object['status'] ?? {}) as Partial<TurnServerStatus>;
  const generation = object.metadata.generation ?? 0;
  const nowMs = deps.wallMs();
  const status = refusedTurnStatus(before, { generation, why, time: apiTime(nowMs) });
  const { namespace = '', name } = object.metadata;
  deps.refuse({ metadata: { namespace, name }, conditions: status.conditions, nowMs });
  await applyStatus({ object, latest: object }, status, deps);
  for (const event of refusalEvents(before.conditions ?? [], why)) deps.record(object, event);
}

/** A kind that cannot be listed, for people. */
export function notReadable({ resource: { plural }, availability }: Lack): Reason {
  const why =
    availability === 'Forbidden'
      ? `The operator may not list ${plural} here: give its ServiceAccount the rights that its chart gives`
      : `This Kubernetes serves no ${plural}`;
  return {
    reason: 'NotReadable',
    message: `${why}. Its pods stay as they are; the operator looks again every minute`,
  };
}
