/** What convergence is judged by. */
import type { RtcCluster } from '../../../operator/api/rtccluster.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';

/** The end of a scenario: no calls, no faults, and time enough. */
export interface Settled {
  readonly cluster: RtcCluster | undefined;
  readonly pods: readonly KubeObject[];
  readonly nodes: readonly KubeObject[];
  /** Pods in DNS. */
  readonly inDns: number;
  /** Image tags that never become ready or may not be published. */
  readonly badTags: readonly string[];
}
