/** Certificate authority and certificates of one test cluster (X.509 v3, RFC 5280; ECDSA P-256). */
import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';
import * as der from './der.ts';

/** A certificate and its private key, both PEM. */
export interface KeyAndCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Who a certificate is for. Kubernetes reads the user from CN and the groups from O. */
export interface Subject {
  readonly commonName: string;
  readonly organization?: string;
}

/** What `issue` makes. */
export interface LeafOptions {
  readonly subject: Subject;
  readonly usage: 'server' | 'client';
  /** DNS names and IPv4 addresses of a server. */
  readonly names?: readonly string[];
}

/** Signs certificates. */
export interface Authority {
  readonly certificate: string;
  readonly key: string;
  issue(options: LeafOptions): KeyAndCertificate;
}

const oids = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
};
const validDays = 3650;

/** A new self-signed authority. */
export function createAuthority(commonName: string): Authority {
  const { publicKey, privateKey } = newKeys();
  const keyId = keyIdOf(publicKey);
  const subject = { commonName };
  const certificate = signed({
    subject,
    issuer: subject,
    publicKey,
    signer: privateKey,
    extensions: [
      extension(oids.basicConstraints, der.sequence(der.yes), true),
      extension(oids.keyUsage, der.bits(Buffer.from([0b1000_0110]), 1), true), // digitalSignature, keyCertSign, cRLSign
      extension(oids.subjectKeyId, der.octets(keyId)),
    ],
  });
  return {
    certificate,
    key: pem(privateKey),
    issue: (options) => issue(options, { issuer: subject, signer: privateKey, issuerKeyId: keyId }),
  };
}

interface Issuer {
  readonly issuer: Subject;
  readonly signer: KeyObject;
  readonly issuerKeyId: Buffer;
}

function issue(options: LeafOptions, { issuer, signer, issuerKeyId }: Issuer): KeyAndCertificate {
  const { publicKey, privateKey } = newKeys();
  const names = (options.names ?? []).map(alternativeName);
  const certificate = signed({
    subject: options.subject,
    issuer,
    publicKey,
    signer,
    extensions: [
      extension(oids.basicConstraints, der.sequence(), true),
      extension(oids.keyUsage, der.bits(Buffer.from([0b1000_0000]), 7), true), // digitalSignature
      extension(oids.extendedKeyUsage, der.sequence(der.oid(oids[options.usage]))),
      extension(oids.authorityKeyId, der.sequence(der.implicit(0, issuerKeyId))),
      ...(names.length > 0 ? [extension(oids.subjectAltName, der.sequence(...names))] : []),
    ],
  });
  return { certificate, key: pem(privateKey) };
}

interface ToBeSigned {
  readonly subject: Subject;
  readonly issuer: Subject;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly extensions: readonly Buffer[];
}

function signed(parts: ToBeSigned): string {
  const algorithm = der.sequence(der.oid(oids.ecdsaWithSha256));
  const now = Date.now();
  const body = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))), // v3
    der.integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    distinguishedName(parts.issuer),
    der.sequence(der.utcTime(new Date(now - 3_600_000)), der.utcTime(new Date(now + validDays * 86_400_000))),
    distinguishedName(parts.subject),
    parts.publicKey.export({ type: 'spki', format: 'der' }),
    der.explicit(3, der.sequence(...parts.extensions)),
  );
  const whole = der.sequence(body, algorithm, der.bits(sign('sha256', body, parts.signer)));
  return new X509Certificate(whole).toString();
}

function distinguishedName({ organization, commonName }: Subject): Buffer {
  const part = (type: string, text: string): Buffer => der.setOf(der.sequence(der.oid(type), der.utf8(text)));
  return der.sequence(
    ...(organization === undefined ? [] : [part(oids.organization, organization)]),
    part(oids.commonName, commonName),
  );
}

function extension(id: string, content: Buffer, isCritical = false): Buffer {
  return der.sequence(der.oid(id), ...(isCritical ? [der.yes] : []), der.octets(content));
}

function alternativeName(name: string): Buffer {
  return isIPv4(name)
    ? der.implicit(7, Buffer.from(name.split('.').map(Number)))
    : der.implicit(2, Buffer.from(name));
}

function newKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function keyIdOf(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}

/** A key pair for service account tokens (RS256), both PEM. */
export function createTokenKeys(): { readonly publicKey: string; readonly privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
