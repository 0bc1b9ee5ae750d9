/** PURE: what cert-manager makes of a cluster's Certificate. */
import type { RtcCluster } from '../api/rtccluster.ts';
import type { Issuance } from '../desired/servedCertificate.ts';
import { names } from '../desired/names.ts';
import { hasApiTls } from '../desired/services.ts';
import type { KubeObject } from '../kube/api.ts';
import type { OptionalReader } from './optionalMirror.ts';

/** Nobody is asked about cert-manager as long as no cluster has TLS. */
export function issuanceOf(
  cluster: RtcCluster,
  mirror: OptionalReader,
  certificates: readonly KubeObject[],
): Issuance {
  if (!hasApiTls(cluster)) return { availability: 'Unknown' };
  const wanted = names.certificate(cluster);
  const certificate = certificates.find(({ metadata }) => metadata.name === wanted);
  const problem = certificate && problemOf(certificate);
  return { availability: mirror.want(), ...(problem !== undefined && { problem }) };
}

/** In cert-manager's own words. */
export function problemOf(certificate: KubeObject): string | undefined {
  const { conditions } = (certificate['status'] ?? {}) as {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
  const ready = conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'False' ? ready.message : undefined;
}
