/** PURE: whether the name outside the cluster still leads to a pod. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { annotations } from '../desired/names.ts';
import { forgottenAfterMs, namedAddress } from '../desired/outside.ts';
import type { NameFacts } from '../facts/nameWatch.ts';
import type { PodView } from '../fleet/pod.ts';
import type { KubeObject } from '../kube/api.ts';

/** Until when Mattermost may be led to the pod by that name; empty where nobody is, or it was never seen. */
export function namedUntil(
  cluster: RtcCluster,
  pod: KubeObject,
  seen: { readonly facts: NameFacts | undefined; readonly nowMs: number },
): Pick<PodView, 'namedUntilMs'> {
  const { external } = cluster.spec.discovery;
  const { facts, nowMs } = seen;
  if (external === undefined || facts === undefined) return {};
  const { podIP = '' } = (pod['status'] ?? {}) as { readonly podIP?: string };
  const address = namedAddress(external, {
    address: pod.metadata.annotations?.[annotations.address] ?? '',
    podIP,
  });
  const atMs = facts.addresses.includes(address) ? nowMs : facts.namedAtMs[address];
  return atMs === undefined ? {} : { namedUntilMs: atMs + forgottenAfterMs(external) };
}
