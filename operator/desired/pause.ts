/** Whether a person has asked us to keep our hands off a cluster. */
import type { RtcCluster } from '../api/rtccluster.ts';
import type { TurnServer } from '../api/turnserver.ts';
import type { Reason } from '../fleet/pod.ts';
import { annotations } from './names.ts';

/** Why nothing may be changed; undefined when things may. Calls go on, pods drain to nobody's order. */
export function pauseOf({
  kind,
  metadata,
}: Pick<RtcCluster | TurnServer, 'kind' | 'metadata'>): Reason | undefined {
  const value = metadata.annotations[annotations.paused];
  if (value === undefined || value === 'false') return undefined;
  return {
    reason: 'Paused',
    message: `Annotation ${annotations.paused} is "${value}": nothing is changed until it is removed with kubectl annotate -n ${metadata.namespace} ${kind.toLowerCase()} ${metadata.name} ${annotations.paused}-`,
  };
}
