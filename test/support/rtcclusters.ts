/** One RTCCluster that every test starts from; each mutates only what it is about. */
import { rtcClusterSchema, type RtcCluster } from '../../operator/api/rtccluster.ts';

/** An RTCCluster named `calls` in `mattermost` with two replicas and every default. */
export function aCluster(
  spec: Readonly<Record<string, unknown>> = {},
  metadata: Partial<RtcCluster['metadata']> = {},
): RtcCluster {
  return rtcClusterSchema.parse({
    apiVersion: 'rtc.progressnet.gr/v1alpha1',
    kind: 'RTCCluster',
    metadata: { name: 'calls', namespace: 'mattermost', uid: 'cluster-uid', generation: 1, ...metadata },
    spec: { replicas: 2, ...spec },
  });
}
