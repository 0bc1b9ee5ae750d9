/** All children of a TurnServer but its pods and its shared secrets, in the order they are applied. */
import type { TurnServer } from '../../api/turnserver.ts';
import type { DesiredObject } from '../object.ts';
import { turnCertificate } from './certificate.ts';
import { agentSecret, iceServersSecret, peersMap, type AgentKeys } from './data.ts';
import { turnDisruptionBudget } from './disruption.ts';
import { turnService } from './services.ts';
import { turnConfigMap } from './settings.ts';

/** What the builders need beside the spec. */
export interface TurnChildrenContext {
  readonly agentKeys: AgentKeys;
  /** What credentials are made with; undefined: nobody can be told of one yet. */
  readonly secret: string | undefined;
  readonly uris: readonly string[];
  /** Whom the servers relay to, one line each. */
  readonly peers: readonly string[];
  /** Whether cert-manager can be asked for certificates. */
  readonly canIssue: boolean;
}

/** The children, by what may be done to them once they exist. */
export interface TurnChildren {
  /** Created when missing and never written again. */
  readonly createOnce: readonly DesiredObject[];
  /** Kept as they are here. */
  readonly kept: readonly DesiredObject[];
}

/** See the file comment. */
export function turnChildren(server: TurnServer, context: TurnChildrenContext): TurnChildren {
  const { secret, uris } = context;
  const optional = [
    context.canIssue ? turnCertificate(server) : undefined,
    secret === undefined ? undefined : iceServersSecret(server, { secret, uris }),
    turnDisruptionBudget(server),
  ];
  return {
    createOnce: [agentSecret(server, context.agentKeys)],
    kept: [
      turnConfigMap(server),
      peersMap(server, context.peers),
      turnService(server),
      ...optional.filter((object) => object !== undefined),
    ],
  };
}
