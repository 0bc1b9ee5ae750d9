/** A self-signed certificate for tests that speak TLS. Needs `openssl`. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** PEM files. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** Writes `<name>.pem` and `<name>-key.pem` into `dir`: P-256, valid for a day, for `host` and these IP addresses. */
export function writeCertificate(
  dir: string,
  { host, addresses, name = 'cert' }: { host: string; addresses: readonly string[]; name?: string },
): CertificateFiles {
  const files = { cert: join(dir, `${name}.pem`), key: join(dir, `${name}-key.pem`) };
  const names = [`DNS:${host}`, ...addresses.map((address) => `IP:${address}`)].join(',');
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'],
      ...['-subj', `/CN=${host}`, '-addext', `subjectAltName=${names}`],
      ...['-keyout', files.key, '-out', files.cert],
    ],
    { stdio: 'ignore' },
  );
  return files;
}
