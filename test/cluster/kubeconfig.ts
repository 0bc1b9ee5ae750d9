/** The kubeconfig of one user, as JSON (which is YAML): https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ */
import type { KeyAndCertificate } from './certificates.ts';

/** How a client proves who it is. */
export type Credentials = KeyAndCertificate | { readonly token: string };

/** What a kubeconfig says. */
export interface KubeconfigParts {
  /** e.g. https://10.99.0.1:6443 */
  readonly server: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly authority: string;
  readonly user: string;
  readonly credentials: Credentials;
}

/** The text of the file. */
export function kubeconfig({ server, authority, user, credentials }: KubeconfigParts): string {
  const name = 'rtc';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(authority) } }],
    users: [{ name: user, user: credentialsOf(credentials) }],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

function credentialsOf(credentials: Credentials): Record<string, string> {
  if ('token' in credentials) return { token: credentials.token };
  return {
    'client-certificate-data': base64(credentials.certificate),
    'client-key-data': base64(credentials.key),
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
