/** Which credentials a cluster has: what its Secrets say, and fresh ones only for Secrets that do not exist. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { bindingKeys, names, secretKeys } from './names.ts';

/** What an SFU lets a client in by. */
export interface ClientCredentials {
  readonly clientID: string;
  readonly authKey: string;
}

/** Every credential of one cluster. */
export interface Credentials {
  readonly adminKey: string;
  /** By client name; a client that is missing here has no usable Secret. */
  readonly clients: Readonly<Record<string, ClientCredentials>>;
  /** One sentence per client whose Secret is missing or incomplete. */
  readonly problems: readonly string[];
}

/** The `data` of the Secrets that exist, by name; values are base64, as stored. */
export type SecretData = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Gives `bytes` random bytes as base64url text. */
export type Random = (bytes: number) => string;

/** rtcd refuses keys below 32 characters; 32 bytes are 43. */
const keyBytes = 32;
const clientIDBytes = 15;

/** See the file comment. The first client's Secret is made again from the binding Secret while that is there. A Secret that exists is never overruled, even when it is incomplete. */
export function credentialsOf(cluster: RtcCluster, secrets: SecretData, random: Random): Credentials {
  const admin = secrets[names.adminSecret(cluster)];
  const clients: Record<string, ClientCredentials> = {};
  const problems: string[] = [];
  for (const [index, client] of cluster.spec.auth.clients.entries()) {
    const name = names.clientSecret(cluster, client);
    const found = clientFrom(secrets[name]);
    if (typeof found === 'object') clients[client.name] = found;
    else if (found === 'missing' && client.create)
      clients[client.name] = (index === 0 ? boundClient(cluster, secrets) : undefined) ?? freshClient(random);
    else problems.push(problemOf(name, found, client.create));
  }
  return { adminKey: decoded(admin, secretKeys.adminKey) ?? random(keyBytes), clients, problems };
}

function freshClient(random: Random): ClientCredentials {
  return { clientID: random(clientIDBytes), authKey: random(keyBytes) };
}

/**
 * The first client's, as Mattermost has them: a Secret that somebody deleted is no reason to lock Mattermost out. Not
 * those of another client, which was the first before, or was taken out of the list: its Secret is still there.
 */
function boundClient(cluster: RtcCluster, secrets: SecretData): ClientCredentials | undefined {
  const binding = secrets[names.bindingSecret(cluster)];
  const clientID = decoded(binding, bindingKeys.clientID);
  const authKey = decoded(binding, bindingKeys.authKey);
  if (clientID === undefined || authKey === undefined) return undefined;
  const isAnothers = Object.values(secrets).some((data) => decoded(data, secretKeys.clientID) === clientID);
  return isAnothers ? undefined : { clientID, authKey };
}

function clientFrom(data: SecretData[string] | undefined): ClientCredentials | 'missing' | 'incomplete' {
  if (data === undefined) return 'missing';
  const clientID = decoded(data, secretKeys.clientID);
  const authKey = decoded(data, secretKeys.authKey);
  return clientID === undefined || authKey === undefined ? 'incomplete' : { clientID, authKey };
}

function problemOf(name: string, problem: 'missing' | 'incomplete', create: boolean): string {
  const keys = `${secretKeys.clientID} and ${secretKeys.authKey}`;
  if (problem === 'incomplete')
    return create
      ? `Secret ${name} lacks ${keys}: add them, or delete it and it is created anew`
      : `Secret ${name} lacks ${keys}: add them`;
  return `Secret ${name} is not there or lacks the label rtc.progressnet.gr/cluster: create it with ${keys}, or set create: true`;
}

function decoded(data: SecretData[string] | undefined, key: string): string | undefined {
  const value = data?.[key];
  return value === undefined || value === '' ? undefined : Buffer.from(value, 'base64').toString();
}
