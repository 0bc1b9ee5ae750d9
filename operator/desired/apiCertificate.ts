/** What can be said of the certificate that the SFU pods serve their API with. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { labels, names } from './names.ts';
import { judgeCertificate, type CertificateContext, type ServedCertificate } from './servedCertificate.ts';

/** Undefined when the API speaks plain HTTP. */
export function apiCertificate(
  cluster: RtcCluster,
  context: CertificateContext,
): ServedCertificate | undefined {
  const { mode } = cluster.spec.tls.api;
  if (mode === 'Disabled') return undefined;
  const subject = {
    mode,
    secretName: names.apiTlsSecret(cluster),
    certificateName: names.certificate(cluster),
    label: `${labels.cluster}=${cluster.metadata.name}`,
    field: 'tls.api',
    client: 'Mattermost connects',
  };
  return judgeCertificate(subject, context);
}
