/** Secrets of a cluster: the clients' credentials, the admin key, and what wires a Mattermost. */
import type { RtcCluster } from '../api/rtccluster.ts';
import type { Credentials } from './credentials.ts';
import { bindingKeys, names, secretKeys } from './names.ts';
import { childMeta, type DesiredObject } from './object.ts';
import { serviceUrl } from './services.ts';
import type { TurnUse } from './turnUse.ts';

/** Key that the operator reads facts and steers drains with. */
export function adminSecret(cluster: RtcCluster, credentials: Credentials): DesiredObject {
  return opaque(cluster, names.adminSecret(cluster), { [secretKeys.adminKey]: credentials.adminKey });
}

/** One Secret per client that we create; the others are made by their users. */
export function clientSecrets(cluster: RtcCluster, credentials: Credentials): DesiredObject[] {
  return cluster.spec.auth.clients.flatMap((client) => {
    const known = credentials.clients[client.name];
    if (!client.create || known === undefined) return [];
    const data = { [secretKeys.clientID]: known.clientID, [secretKeys.authKey]: known.authKey };
    return [opaque(cluster, names.clientSecret(cluster, client), data)];
  });
}

/** What the binding Secret is made of. */
export interface BindingContext {
  readonly credentials: Credentials;
  readonly clusterDomain: string;
  readonly ca?: string;
  /** What comes of `turn.turnServerName`. */
  readonly turn?: TurnUse;
}

/**
 * The variables that the Calls plugin reads instead of its settings
 * (`MM_CALLS_` and the setting's name). None while the first client is unknown.
 */
export function bindingSecret(cluster: RtcCluster, context: BindingContext): DesiredObject | undefined {
  const { credentials, clusterDomain, ca, turn } = context;
  const first = credentials.clients[cluster.spec.auth.clients[0]?.name ?? ''];
  if (first === undefined) return undefined;
  return opaque(cluster, names.bindingSecret(cluster), {
    MM_CALLS_RTCD_SERVICE_URL: serviceUrl(cluster, clusterDomain),
    [bindingKeys.clientID]: first.clientID,
    [bindingKeys.authKey]: first.authKey,
    ...turn?.variables,
    ...(ca !== undefined && { SSL_CERT_DIR: trustedDirectories.join(':'), [secretKeys.ca]: ca }),
  });
}

/**
 * Where Go programs look for authorities on Linux, and one more: mounted there,
 * our `ca.crt` is trusted besides those of the system. Go ignores a directory that is missing.
 */
const trustedDirectories = ['/etc/ssl/certs', '/etc/pki/tls/certs', '/etc/rtc-ca'];

function opaque(cluster: RtcCluster, name: string, values: Readonly<Record<string, string>>): DesiredObject {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: childMeta(cluster, name),
    data,
  };
}
