/** The certificate and key of `api.http.tls`: read and tried, so that a bad pair is found before it is served. */
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** Where the PEM files are. */
export interface TlsPaths {
  readonly certFile: string;
  readonly certKey: string;
}

/** A pair that fits. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Common name or other subject of the first certificate. */
  readonly subject: string;
  /** ISO 8601. */
  readonly validTo: string;
  /** Differs for every pair. */
  readonly fingerprint: string;
}

/** Throws with the key of the configuration, the file, and what is wrong with it. */
export function readTlsFiles({ certFile, certKey }: TlsPaths): TlsFiles {
  const cert = read('cert_file', certFile);
  const key = read('cert_key', certKey);
  const certificate = attempt(`api.http.tls.cert_file: ${certFile} holds no certificate`, () => {
    return new X509Certificate(cert);
  });
  attempt(`api.http.tls: ${certFile} and ${certKey} do not fit each other or hold no usable key`, () =>
    createSecureContext({ cert, key }),
  );
  return {
    cert,
    key,
    subject: certificate.subject,
    validTo: new Date(certificate.validTo).toISOString(),
    fingerprint: createHash('sha256').update(cert).update(key).digest('hex'),
  };
}

/** Why they cannot be served; undefined when they can. */
export function tlsProblem(paths: TlsPaths): string | undefined {
  try {
    readTlsFiles(paths);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function read(name: string, file: string): Buffer {
  return attempt(`api.http.tls.${name}: ${file} cannot be read`, () => readFileSync(file));
}

function attempt<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}
