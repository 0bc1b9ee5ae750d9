/** How a Mattermost outside the cluster finds the pods: a name that external-dns, or a person, keeps. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { publicEntry } from '../fleet/address.ts';
import { annotations } from './names.ts';
import type { DesiredMeta } from './object.ts';

type External = NonNullable<RtcCluster['spec']['discovery']['external']>;

/** What external-dns reads on the Service; nothing unless it is asked to keep the name. */
export function serviceAnnotations({ spec }: RtcCluster): Pick<DesiredMeta, 'annotations'> {
  const { external } = spec.discovery;
  if (external?.publisher !== 'ExternalDNS') return {};
  return {
    annotations: {
      [annotations.externalDnsHostname]: external.hostname,
      [annotations.externalDnsTtl]: String(external.ttlSeconds),
    },
  };
}

/**
 * What external-dns reads on a pod behind a headless Service instead of its IP, by the pod's advertised addresses;
 * null: nothing. Undefined where a person has set it for all pods.
 */
export function podTarget({ spec }: RtcCluster, address: string): string | null | undefined {
  if (spec.podMetadata.annotations[annotations.externalDnsTarget] !== undefined) return undefined;
  const { external } = spec.discovery;
  const isTold =
    external?.publisher === 'ExternalDNS' && external.addresses === 'Advertised' && address !== '';
  return isTold ? publicEntry(address) : null;
}

/** Where the name is to lead for one pod; empty while that is not known. */
export function namedAddress(
  external: External,
  pod: { readonly address: string; readonly podIP: string },
): string {
  return external.addresses === 'Advertised' ? publicEntry(pod.address) : pod.podIP;
}

/** The poll of the Calls plugin and some slack, beyond what DNS may remember. */
const noticedSeconds = 15;

/** How long after an answer that held an address somebody may still go there. */
export function forgottenAfterMs({ ttlSeconds }: External): number {
  return (ttlSeconds + noticedSeconds) * 1000;
}
