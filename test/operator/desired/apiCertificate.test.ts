import { describe, expect, test } from '@jest/globals';
import { apiCertificate } from '../../../operator/desired/apiCertificate.ts';
import { type Issuance } from '../../../operator/desired/servedCertificate.ts';
import { createAuthority } from '../../cluster/certificates.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const inside = 'calls-rtcd.mattermost.svc';
const authority = createAuthority('test');
const leaf = authority.issue({ subject: { commonName: 'api' }, usage: 'server', names: [inside] });
const stranger = authority.issue({ subject: { commonName: 'api' }, usage: 'server', names: ['else'] });
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const secret = (parts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(parts).map(([key, value]) => [key, base64(value)]));
const good = { 'tls.crt': leaf.certificate, 'tls.key': leaf.key, 'ca.crt': authority.certificate };
const now = Date.now();
const dayMs = 86_400_000;

interface Situation {
  readonly data?: Readonly<Record<string, string>>;
  readonly mode?: 'Secret' | 'CertManager';
  readonly issuance?: Issuance;
  readonly nowMs?: number;
}

/** What is said of the certificate in that situation. */
function said({ data, mode = 'Secret', issuance = { availability: 'Served' }, nowMs = now }: Situation) {
  const api = { mode, secretName: 'own', issuerRef: { name: 'internal' } };
  const secrets = data === undefined ? {} : { own: secret(data) };
  return apiCertificate(aCluster({ tls: { api } }), { secrets, names: [inside], issuance, nowMs });
}

describe('the certificate of the API', () => {
  test('is nothing to speak of without TLS', () => {
    const context = { secrets: {}, names: [], issuance: { availability: 'Unknown' as const }, nowMs: now };
    expect(apiCertificate(aCluster(), context)).toBeUndefined();
  });

  test('is said to be valid, until when and for what, with the authority that Mattermost needs', () => {
    const { message, endsMs, fingerprint, ...rest } = said({ data: good })!;
    expect(fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(endsMs).toBeGreaterThan(now);
    expect(rest).toEqual({ isUsable: true, reason: 'Valid', ca: authority.certificate });
    expect(message).toMatch(/^Valid until \d{4}-\d\d-\d\d \d\d:\d\d UTC for calls-rtcd\.mattermost\.svc$/);
  });

  test('needs no authority told when the Secret names none: the issuer is a public one', () => {
    expect(said({ data: { ...good, 'ca.crt': '' } })?.ca).toBeUndefined();
  });

  test('is its own authority when it signed itself', () => {
    const own = { 'tls.crt': authority.certificate, 'tls.key': authority.key };
    expect(said({ data: own })?.ca).toBe(authority.certificate);
  });

  test.each<[string, Situation, RegExp]>([
    ['SecretMissing', {}, /lacks the label rtc\.progressnet\.gr\/cluster=calls: create it/],
    ['InvalidCertificate', { data: { 'tls.crt': leaf.certificate } }, /it lacks tls\.key$/],
    ['InvalidCertificate', { data: { ...good, 'tls.crt': 'no PEM' } }, /no usable certificate and key/],
    ['InvalidCertificate', { data: { ...good, 'tls.key': stranger.key } }, /not the key of tls\.crt/],
    [
      'WrongName',
      { data: { ...good, 'tls.crt': stranger.certificate, 'tls.key': stranger.key } },
      /is for DNS:else, but Mattermost connects to calls-rtcd/,
    ],
    ['Expired', { data: good, nowMs: now + 4000 * dayMs }, /put a new one into the Secret/],
    [
      'CertManagerMissing',
      { mode: 'CertManager', issuance: { availability: 'NotServed' } },
      /install cert-man/,
    ],
    [
      'CertManagerForbidden',
      { mode: 'CertManager', issuance: { availability: 'Forbidden' } },
      /rbac\.create/,
    ],
    ['Asking', { mode: 'CertManager', issuance: { availability: 'Unknown' } }, /not been answered yet/],
    [
      'Issuing',
      { mode: 'CertManager', issuance: { availability: 'Served', problem: 'Issuer internal not found' } },
      /Issuer internal not found$/,
    ],
  ])('is not usable: %s', (reason, situation, message) => {
    expect(said(situation)).toMatchObject({ isUsable: false, reason });
    expect(said(situation)?.message).toMatch(message);
  });

  test('warns a week before the end, and says who renews it', () => {
    const late = { data: good, nowMs: now + 3645 * dayMs };
    expect(said(late)).toMatchObject({ isUsable: true, reason: 'ExpiresSoon' });
    expect(said({ ...late, mode: 'CertManager' })?.message).toContain(
      'kubectl describe certificate calls-api',
    );
    const gone = said({ ...late, mode: 'CertManager', issuance: { availability: 'NotServed' } });
    expect(gone?.message).toContain('install cert-manager');
  });
});
