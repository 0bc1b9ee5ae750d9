/** The Certificate that cert-manager is asked for. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { labels, names } from './names.ts';
import { childMeta, type DesiredObject } from './object.ts';
import { apiNames } from './services.ts';

/** None unless `tls.api.mode` is CertManager. Our label on its Secret lets us see it. */
export function certificate(cluster: RtcCluster, clusterDomain: string): DesiredObject | undefined {
  const { mode, issuerRef } = cluster.spec.tls.api;
  if (mode !== 'CertManager' || issuerRef === undefined) return undefined;
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: childMeta(cluster, names.certificate(cluster)),
    spec: {
      secretName: names.apiTlsSecret(cluster),
      dnsNames: apiNames(cluster, clusterDomain),
      issuerRef,
      usages: ['digital signature', 'key encipherment', 'server auth'],
      // The one curve that the API offers.
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      secretTemplate: { labels: { [labels.cluster]: cluster.metadata.name } },
    },
  };
}
