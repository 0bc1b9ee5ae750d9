/** Every name and port that the operator, the TURN pods and people agree on. */
import { apiGroup } from '../../api/rtccluster.ts';
import { labels, manager } from '../names.ts';

/** TCP and UDP ports of a TURN pod beside those that clients use. */
export const turnPorts = {
  /** The agent: health, status, drain and metrics, on the address of the node. */
  agent: 8446,
  /** The exporter of coturn, on the loopback interface alone. */
  exporter: 9641,
} as const;

/** Paths and files inside a TURN pod. */
export const turnPaths = {
  /** Shared by both containers: what the agent writes for coturn, and coturn's own files. */
  run: '/run/turn',
  /** Above all that is mounted. */
  etc: '/etc/turn',
  secrets: '/etc/turn/secrets',
  peers: '/etc/turn/peers',
  tls: '/etc/turn/tls',
  config: '/etc/turn/config',
  pod: '/etc/turn/pod',
  addressFile: 'address',
  peersFile: 'peers',
  settingsFile: 'agent.json',
  /** In `run`: that it is there is the order to drain. */
  drainFile: 'drain',
  /** In `run`: coturn's process number. */
  pidFile: 'turnserver.pid',
} as const;

/** Keys of the Secret `auth.secretName`. Only `secret` is there outside a rotation. */
export const turnSecretKeys = { secret: 'secret', previous: 'previous', next: 'next' } as const;

/** Annotations of that Secret: with its keys the whole memory of a rotation, read again after a restart. Times are RFC 3339. */
export const turnSecretAnnotations = {
  /** Since when `secret` is what credentials are made with. */
  since: `${apiGroup}/turn-secret-since`,
  /** The value of the annotation turn-rotate of the TurnServer that was obeyed last. */
  rotatedFor: `${apiGroup}/turn-rotated-for`,
  /** Since when every Secret for Mattermost has been seen with the new `secret`. */
  switched: `${apiGroup}/turn-switched`,
  /** Since when every consumer has the new one. */
  adopted: `${apiGroup}/turn-adopted`,
  /** The longest life that credentials were ever given, in seconds. */
  longestTTL: `${apiGroup}/turn-longest-ttl`,
} as const;

/** The parts of a TurnServer that names are made of. */
export interface NamedTurn {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly realm?: string | undefined;
    readonly network: { readonly serverName?: string | undefined };
    readonly auth: { readonly secretName?: string | undefined };
    readonly tls: { readonly secretName?: string | undefined };
    readonly publish: {
      readonly iceServersSecret?: string | undefined;
      readonly service?: string | undefined;
    };
  };
}

/** Names of the objects of one TurnServer. */
export const turnNames = {
  service: (turn: NamedTurn): string => turn.spec.publish.service ?? `${turn.metadata.name}-turn`,
  /** Between the pods and the operator; never for clients. */
  agentSecret: (turn: NamedTurn): string => `${turn.metadata.name}-turn-agent`,
  authSecret: (turn: NamedTurn): string => turn.spec.auth.secretName ?? `${turn.metadata.name}-turn`,
  iceServersSecret: (turn: NamedTurn): string =>
    turn.spec.publish.iceServersSecret ?? `${turn.metadata.name}-ice-servers`,
  tlsSecret: (turn: NamedTurn): string => turn.spec.tls.secretName ?? `${turn.metadata.name}-turn-tls`,
  certificate: (turn: NamedTurn): string => `${turn.metadata.name}-turn`,
  config: (turn: NamedTurn): string => `${turn.metadata.name}-turn`,
  peers: (turn: NamedTurn): string => `${turn.metadata.name}-turn-peers`,
  disruptionBudget: (turn: NamedTurn): string => `${turn.metadata.name}-turn`,
  revision: (turn: NamedTurn, revision: string): string => `${turn.metadata.name}-turn-${revision}`,
  /** Numbered, so that a second attempt to create the same pod is refused instead of making one too many. */
  pod: (turn: NamedTurn, index: number): string => `${turn.metadata.name}-turn-${index}`,
} as const;

/** The realm of all credentials. */
export function realmOf(turn: NamedTurn): string {
  return turn.spec.realm ?? turn.spec.network.serverName ?? turn.metadata.name;
}

/** Labels that select every pod of a TurnServer. */
export function turnPodSelector(turn: NamedTurn): Record<string, string> {
  return { [labels.turnServer]: turn.metadata.name, [labels.role]: 'turn' };
}

/** Labels of everything that belongs to a TurnServer. */
export function turnLabels(turn: NamedTurn): Record<string, string> {
  return {
    [labels.turnServer]: turn.metadata.name,
    [labels.name]: 'rtc-turn',
    [labels.instance]: turn.metadata.name,
    [labels.managedBy]: manager,
  };
}
