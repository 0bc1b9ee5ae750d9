/** The headless Service whose A records are what Mattermost knows of the cluster. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { labels, names, podSelector } from './names.ts';
import { childMeta, type DesiredObject } from './object.ts';
import { serviceAnnotations } from './outside.ts';

/**
 * Selects by the published label, so that adding and removing the label is
 * publishing and cordoning. Pods that are not ready drop out by themselves.
 */
export function discoveryService(cluster: RtcCluster): DesiredObject {
  const { apiPort } = cluster.spec.network;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...childMeta(cluster, names.service(cluster)), ...serviceAnnotations(cluster) },
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: false,
      selector: { ...podSelector(cluster), [labels.published]: 'true' },
      ports: [{ name: 'api', protocol: 'TCP', port: apiPort, targetPort: apiPort }],
    },
  };
}

/** Whether the pods serve their API over TLS. */
export function hasApiTls(cluster: RtcCluster): boolean {
  return cluster.spec.tls.api.mode !== 'Disabled';
}

/**
 * The DNS names of the API, that of Mattermost's URL first: a certificate must be for one of them. A name outside
 * the cluster stands alone, because public authorities sign no others beside it.
 */
export function apiNames(cluster: RtcCluster, clusterDomain: string): string[] {
  const { external } = cluster.spec.discovery;
  if (external !== undefined) return [external.hostname];
  const inside = `${names.service(cluster)}.${cluster.metadata.namespace}.svc`;
  return [`${inside}.${clusterDomain}`, inside];
}

/** Where a Mattermost finds the API, as a URL. The Calls plugin resolves its host every 10 s. */
export function serviceUrl(cluster: RtcCluster, clusterDomain: string): string {
  const scheme = hasApiTls(cluster) ? 'https' : 'http';
  const [host = ''] = apiNames(cluster, clusterDomain);
  return `${scheme}://${host}:${cluster.spec.network.apiPort}`;
}
