/** Secrets and ConfigMaps of a TurnServer, but for the one with the shared secrets, which a rotation writes. */
import type { TurnServer } from '../../api/turnserver.ts';
import { turnVariables } from '../../turn/iceServers.ts';
import { secretKeys } from '../names.ts';
import type { DesiredObject } from '../object.ts';
import { turnMeta } from './meta.ts';
import { turnNames, turnPaths } from './names.ts';

/** Keys of the agents. */
export interface AgentKeys {
  /** For all that they offer. */
  readonly adminKey: string;
  /** For their metrics only. */
  readonly metricsKey: string;
}

/** Read by the agents' environment, and by the operator. */
export function agentSecret(server: TurnServer, { adminKey, metricsKey }: AgentKeys): DesiredObject {
  return opaque(server, turnNames.agentSecret(server), {
    [secretKeys.adminKey]: adminKey,
    [secretKeys.metricsKey]: metricsKey,
  });
}

/** What makes a Mattermost use the servers that are published: for one without an RTCCluster. */
export function iceServersSecret(
  server: TurnServer,
  told: { readonly secret: string; readonly uris: readonly string[] },
): DesiredObject {
  return opaque(server, turnNames.iceServersSecret(server), turnVariables(server.spec, told));
}

/** What every coturn relays to, one address or range per line. */
export function peersMap(server: TurnServer, lines: readonly string[]): DesiredObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: turnMeta(server, turnNames.peers(server)),
    data: { [turnPaths.peersFile]: lines.map((line) => `${line}\n`).join('') },
  };
}

function opaque(server: TurnServer, name: string, values: Readonly<Record<string, string>>): DesiredObject {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  return { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: turnMeta(server, name), data };
}
