/** CPU and memory of a media server. */
import type { RtcCluster } from '../api/rtccluster.ts';

/**
 * What the spec says; without a memory limit the request is the limit. A node that runs short of memory puts
 * those out first who have more than they asked for, calls and all: this one never has.
 */
export function sfuResources({ spec }: RtcCluster): Record<string, unknown> {
  return resourcesOf(spec.resources);
}

type Resources = Pick<RtcCluster['spec']['resources'], 'requests' | 'limits'>;

/** The same for any resources. */
export function resourcesOf({ requests, limits = {} }: Resources): Record<string, unknown> {
  const memory = limits['memory'] ?? requests['memory'];
  return { requests, ...(memory !== undefined && { limits: { ...limits, memory } }) };
}
