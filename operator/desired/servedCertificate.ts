/** What can be said of a certificate that pods serve: usable or not, why, and until when. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Reason } from '../fleet/pod.ts';
import type { SecretData } from './credentials.ts';
import { secretKeys } from './names.ts';

/** What cert-manager makes of our Certificate. */
export interface Issuance {
  /** Whether certificates.cert-manager.io can be used here; Unknown until that was asked. */
  readonly availability: 'Unknown' | 'NotServed' | 'Forbidden' | 'Served';
  /** Why the Certificate is not ready, in cert-manager's own words. */
  readonly problem?: string;
}

/** A certificate, or what stands in its way. */
export interface ServedCertificate extends Reason {
  readonly isUsable: boolean;
  /** When it ends, milliseconds since the epoch; absent while there is none. */
  readonly endsMs?: number;
  /** SHA-256, as `X509Certificate.fingerprint256` has it; absent while there is none. */
  readonly fingerprint?: string;
  /** PEM of the authority that Mattermost has to be told of; absent when it is publicly trusted, as far as we know. */
  readonly ca?: string;
}

/** What is known around it. */
export interface CertificateContext {
  readonly secrets: SecretData;
  /** DNS names that it must be for; the first is what is checked. */
  readonly names: readonly string[];
  readonly issuance: Issuance;
  readonly nowMs: number;
}

/** Whose certificate it is, in the words of its spec. */
export interface CertificateSubject {
  readonly mode: 'Secret' | 'CertManager';
  readonly secretName: string;
  /** Of the Certificate that cert-manager is asked for. */
  readonly certificateName: string;
  /** Without it the Secret is not seen, such as `rtc.progressnet.gr/cluster=calls`. */
  readonly label: string;
  /** Where the mode stands, such as `tls.api`. */
  readonly field: string;
  /** Who checks it, for a message: `Mattermost connects`. */
  readonly client: string;
}

/** See the file comment. */
export function judgeCertificate(
  subject: CertificateSubject,
  context: CertificateContext,
): ServedCertificate {
  const { secretName } = subject;
  const data = context.secrets[secretName];
  if (data === undefined) return { isUsable: false, ...missing(subject, context.issuance) };
  const pair = pairIn(data);
  if (typeof pair === 'string')
    return { isUsable: false, reason: 'InvalidCertificate', message: `Secret ${secretName}: ${pair}` };
  const { fingerprint256: fingerprint } = pair.certificate;
  return { ...judged(subject, pair, context), fingerprint, ...(pair.ca !== undefined && { ca: pair.ca }) };
}

function missing(subject: CertificateSubject, { availability, problem }: Issuance): Reason {
  const { mode, secretName, label, certificateName } = subject;
  if (mode === 'Secret')
    return {
      reason: 'SecretMissing',
      message: `Secret ${secretName} is not there or lacks the label ${label}: create it with tls.crt and tls.key`,
    };
  if (availability !== 'Served') return unavailable(subject)[availability];
  return {
    reason: 'Issuing',
    message: `cert-manager has not filled Secret ${secretName} yet: ${problem ?? `see kubectl describe certificate ${certificateName}`}`,
  };
}

function unavailable({
  field,
}: CertificateSubject): Readonly<Record<'Unknown' | 'NotServed' | 'Forbidden', Reason>> {
  return {
    Unknown: { reason: 'Asking', message: 'Whether cert-manager is there has not been answered yet' },
    NotServed: {
      reason: 'CertManagerMissing',
      message: `This Kubernetes does not serve certificates.cert-manager.io/v1: install cert-manager, or set ${field}.mode: Secret and create the Secret yourself`,
    },
    Forbidden: {
      reason: 'CertManagerForbidden',
      message: `The operator has no rights on certificates.cert-manager.io: upgrade its chart with rbac.create, or set ${field}.mode: Secret and create the Secret yourself`,
    },
  };
}

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
  subject: CertificateSubject,
  { certificate }: Pair,
  { names: wanted, nowMs, issuance }: CertificateContext,
): ServedCertificate {
  const endsMs = Date.parse(certificate.validTo);
  const until = new Date(endsMs).toISOString().slice(0, 16).replace('T', ' ');
  const { secretName: secret, client } = subject;
  if (endsMs <= nowMs)
    return {
      ...{ isUsable: false, endsMs },
      reason: 'Expired',
      message: `The certificate in Secret ${secret} ended at ${until} UTC: ${renewal(subject, issuance)}`,
    };
  const [first = ''] = wanted;
  if (certificate.checkHost(first) === undefined)
    return {
      ...{ isUsable: false, endsMs },
      reason: 'WrongName',
      message: `The certificate in Secret ${secret} is for ${certificate.subjectAltName ?? 'no name'}, but ${client} to ${first}: it must be for that name`,
    };
  const isLate = endsMs - nowMs < soonMs;
  return {
    ...{ isUsable: true, endsMs },
    reason: isLate ? 'ExpiresSoon' : 'Valid',
    message: `Valid until ${until} UTC for ${first}${isLate ? `: ${renewal(subject, issuance)}` : ''}`,
  };
}

function renewal(subject: CertificateSubject, { availability, problem }: Issuance): string {
  if (subject.mode === 'Secret') return 'put a new one into the Secret, pods take it up by themselves';
  if (availability === 'NotServed' || availability === 'Forbidden')
    return unavailable(subject)[availability].message;
  return problem ?? `see kubectl describe certificate ${subject.certificateName}`;
}
