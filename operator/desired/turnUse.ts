/** What a cluster gets from the TurnServer that it refers to: the variables for Mattermost, or why there are none. */
import type { RtcCluster } from '../api/rtccluster.ts';
import type { TurnServer } from '../api/turnserver.ts';
import type { Condition } from '../api/shared.ts';
import type { Reason } from '../fleet/pod.ts';
import type { SecretData } from './credentials.ts';
import { turnVariableNames } from '../turn/iceServers.ts';
import { turnNames, type NamedTurn } from './turn/names.ts';

/** A TurnServer as it was read: its spec may be of another version of the operator. */
export interface SeenTurnServer {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/** What is seen of TurnServers from a cluster. */
export interface TurnSight {
  /** Whether TurnServers can be seen; Unknown until they were listed. */
  readonly availability: 'Unknown' | 'NotServed' | 'Forbidden' | 'Served';
  /** Absent when there is none of the name in the cluster's namespace. */
  readonly server?: SeenTurnServer;
  /** Data of the Secrets that belong to it. */
  readonly secrets: SecretData;
  /** Data of the binding Secret as it is. */
  readonly held?: SecretData[string];
}

/** See the file comment. */
export interface TurnUse extends Reason {
  readonly isUsable: boolean;
  /** `MM_CALLS_*`; absent while there are none. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Undefined when the cluster refers to none. What Mattermost has been told is kept while nobody knows better: an
 * operator that has just started must not take it away for a moment.
 */
export function turnUseOf({ spec, metadata }: RtcCluster, sight: TurnSight): TurnUse | undefined {
  const { availability, server, secrets, held } = sight;
  const { turnServerName } = spec.turn;
  if (turnServerName === undefined) return undefined;
  const kept = held && turnVariablesIn(held);
  if (availability !== 'Served')
    return { isUsable: false, ...(kept && { variables: kept }), ...unseen(turnServerName, availability) };
  if (server === undefined) return { isUsable: false, ...missing(turnServerName, metadata) };
  const found = variablesIn(server, secrets);
  const problem = problemOf(server, { cluster: metadata.name, variables: found });
  const variables = found ?? kept;
  const told = variables === undefined ? {} : { variables };
  if (problem !== undefined) return { isUsable: false, ...told, ...problem };
  const message = `Mattermost is given the TURN servers of ${turnServerName}`;
  return { isUsable: true, ...told, reason: 'TurnServerInUse', message };
}

function missing(name: string, { namespace }: RtcCluster['metadata']): Reason {
  return {
    reason: 'TurnServerMissing',
    message: `turn.turnServerName is ${name}, and there is no such TurnServer in namespace ${namespace}: create it, or correct the name`,
  };
}

function unseen(name: string, availability: TurnSight['availability']): Reason {
  if (availability === 'Unknown')
    return { reason: 'Asking', message: `Whether there is a TurnServer ${name} has not been answered yet` };
  return {
    reason: 'TurnServersNotServed',
    message: `turn.turnServerName is ${name}, but the operator sees no TurnServers here: install their CustomResourceDefinition, and the rights of this version, with its chart`,
  };
}

type RawSpec = Partial<TurnServer['spec']>;

const specOf = (server: SeenTurnServer): RawSpec => server['spec'] ?? {};

function variablesIn(server: SeenTurnServer, secrets: SecretData): Record<string, string> | undefined {
  const { publish = {}, auth = {}, tls = {}, network = {} } = specOf(server);
  const { name, namespace = '' } = server.metadata;
  const named: NamedTurn = { metadata: { name, namespace }, spec: { publish, auth, tls, network } };
  const data = secrets[turnNames.iceServersSecret(named)];
  return data && turnVariablesIn(data);
}

/** Undefined when there is none of them. */
function turnVariablesIn(data: SecretData[string]): Record<string, string> | undefined {
  const found = turnVariableNames.flatMap((name) => {
    const value = data[name];
    return value === undefined ? [] : [[name, Buffer.from(value, 'base64').toString()] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function problemOf(
  server: SeenTurnServer,
  {
    cluster,
    variables,
  }: { readonly cluster: string; readonly variables: Readonly<Record<string, string>> | undefined },
): Reason | undefined {
  const { name } = server.metadata;
  if (!isAllowed(specOf(server), cluster))
    return {
      reason: 'NotAllowedAsPeer',
      message: `TurnServer ${name} relays nothing to this cluster: add rtcClusters with matchNames [${cluster}] to its peers.allow`,
    };
  if (variables === undefined)
    return { reason: 'TurnServerStarting', message: `TurnServer ${name} has no Secret for Mattermost yet` };
  const { conditions = [] } = (server['status'] ?? {}) as { readonly conditions?: readonly Condition[] };
  const ready = conditions.find(({ type }) => type === 'Ready');
  if (ready?.status === 'True') return undefined;
  return {
    reason: 'TurnServerNotReady',
    message: `TurnServer ${name} is not ready: ${ready?.message ?? 'nothing was said of it yet'}`,
  };
}

/** Where not everything is denied, or networks are listed, nobody need be named. */
function isAllowed({ peers }: RawSpec, cluster: string): boolean {
  const { default: others = 'DenyAll', allow = [] } = peers ?? {};
  if (others !== 'DenyAll') return true;
  return allow.some(
    ({ rtcClusters, cidr }) => cidr !== undefined || rtcClusters?.matchNames.includes(cluster),
  );
}
