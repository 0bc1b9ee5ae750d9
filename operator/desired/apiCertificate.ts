/** What can be said of the certificate that the pods serve their API with: usable or not, why, and until when. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { RtcCluster } from '../api/rtccluster.ts';
import type { Reason } from '../fleet/pod.ts';
import type { SecretData } from './credentials.ts';
import { labels, names, secretKeys } from './names.ts';
import { hasApiTls } from './services.ts';

/** What cert-manager makes of our Certificate. */
export interface Issuance {
  /** Whether certificates.cert-manager.io can be used here; Unknown until that was asked. */
  readonly availability: 'Unknown' | 'NotServed' | 'Forbidden' | 'Served';
  /** Why the Certificate is not ready, in cert-manager's own words. */
  readonly problem?: string;
}

/** A certificate, or what stands in its way. */
export interface ApiCertificate extends Reason {
  readonly isUsable: boolean;
  /** When it ends, milliseconds since the epoch; absent while there is none. */
  readonly endsMs?: number;
  /** PEM of the authority that Mattermost has to be told of; absent when it is publicly trusted, as far as we know. */
  readonly ca?: string;
}

/** What is known around it. */
export interface CertificateContext {
  readonly secrets: SecretData;
  /** DNS names of the API. */
  readonly names: readonly string[];
  readonly issuance: Issuance;
  readonly nowMs: number;
}

/** Undefined when the API speaks plain HTTP. */
export function apiCertificate(cluster: RtcCluster, context: CertificateContext): ApiCertificate | undefined {
  if (!hasApiTls(cluster)) return undefined;
  const data = context.secrets[names.apiTlsSecret(cluster)];
  if (data === undefined) return { isUsable: false, ...missing(cluster, context.issuance) };
  const pair = pairIn(data);
  if (typeof pair === 'string')
    return {
      isUsable: false,
      reason: 'InvalidCertificate',
      message: `Secret ${names.apiTlsSecret(cluster)}: ${pair}`,
    };
  return { ...judged(cluster, pair, context), ...(pair.ca !== undefined && { ca: pair.ca }) };
}

function missing(cluster: RtcCluster, { availability, problem }: Issuance): Reason {
  const secret = names.apiTlsSecret(cluster);
  const { mode } = cluster.spec.tls.api;
  if (mode === 'Secret')
    return {
      reason: 'SecretMissing',
      message: `Secret ${secret} is not there or lacks the label ${labels.cluster}=${cluster.metadata.name}: create it with tls.crt and tls.key`,
    };
  if (availability !== 'Served') return unavailable[availability];
  return {
    reason: 'Issuing',
    message: `cert-manager has not filled Secret ${secret} yet: ${problem ?? `see kubectl describe certificate ${names.certificate(cluster)}`}`,
  };
}

const unavailable = {
  Unknown: { reason: 'Asking', message: 'Whether cert-manager is there has not been answered yet' },
  NotServed: {
    reason: 'CertManagerMissing',
    message:
      'This Kubernetes does not serve certificates.cert-manager.io/v1: install cert-manager, or set tls.api.mode: Secret and create the Secret yourself',
  },
  Forbidden: {
    reason: 'CertManagerForbidden',
    message:
      'The operator has no rights on certificates.cert-manager.io: upgrade its chart with rbac.create, or set tls.api.mode: Secret and create the Secret yourself',
  },
} as const;

interface Pair {
  readonly certificate: X509Certificate;
  readonly ca?: string;
}

/** PEM of the authority that a TLS Secret names, or is itself; undefined when it names none: a public one, then. */
export function authorityIn(data: SecretData[string]): string | undefined {
  const given = textIn(data, secretKeys.ca);
  if (given !== '') return given;
  const pem = textIn(data, secretKeys.certificate);
  try {
    const { issuer, subject } = new X509Certificate(pem);
    return issuer === subject ? pem : undefined;
  } catch {
    return undefined;
  }
}

function textIn(data: SecretData[string], key: string): string {
  return Buffer.from(data[key] ?? '', 'base64').toString();
}

/** The pair, or what is wrong with it. */
function pairIn(data: SecretData[string]): Pair | string {
  const keys = [secretKeys.certificate, secretKeys.privateKey].filter((key) => textIn(data, key) === '');
  if (keys.length > 0) return `it lacks ${keys.join(' and ')}`;
  try {
    const certificate = new X509Certificate(textIn(data, secretKeys.certificate));
    if (!certificate.checkPrivateKey(createPrivateKey(textIn(data, secretKeys.privateKey))))
      return 'tls.key is not the key of tls.crt';
    const ca = authorityIn(data);
    return { certificate, ...(ca !== undefined && { ca }) };
  } catch (error) {
    return `it holds no usable certificate and key (${error instanceof Error ? error.message : String(error)})`;
  }
}

const dayMs = 86_400_000;
/** cert-manager renews a month before the end by default, and this late something is wrong. */
const soonMs = 7 * dayMs;

function judged(
  cluster: RtcCluster,
  { certificate }: Pair,
  { names: wanted, nowMs, issuance }: CertificateContext,
): ApiCertificate {
  const endsMs = Date.parse(certificate.validTo);
  const until = new Date(endsMs).toISOString().slice(0, 16).replace('T', ' ');
  const secret = names.apiTlsSecret(cluster);
  if (endsMs <= nowMs)
    return {
      ...{ isUsable: false, endsMs },
      reason: 'Expired',
      message: `The certificate in Secret ${secret} ended at ${until} UTC: ${renewal(cluster, issuance)}`,
    };
  const [first = ''] = wanted;
  if (certificate.checkHost(first) === undefined)
    return {
      ...{ isUsable: false, endsMs },
      reason: 'WrongName',
      message: `The certificate in Secret ${secret} is for ${certificate.subjectAltName ?? 'no name'}, but Mattermost connects to ${first}: it must be for that name`,
    };
  const isLate = endsMs - nowMs < soonMs;
  return {
    ...{ isUsable: true, endsMs },
    reason: isLate ? 'ExpiresSoon' : 'Valid',
    message: `Valid until ${until} UTC for ${first}${isLate ? `: ${renewal(cluster, issuance)}` : ''}`,
  };
}

function renewal(cluster: RtcCluster, { availability, problem }: Issuance): string {
  if (cluster.spec.tls.api.mode === 'Secret')
    return 'put a new one into the Secret, pods take it up by themselves';
  if (availability === 'NotServed' || availability === 'Forbidden') return unavailable[availability].message;
  return problem ?? `see kubectl describe certificate ${names.certificate(cluster)}`;
}
