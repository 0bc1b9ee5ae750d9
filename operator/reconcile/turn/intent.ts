/** PURE: what was observed of a TurnServer → what is decided, and what is to be written for it. Acts and foretells alike. */
import type { TurnServer } from '../../api/turnserver.ts';
import type { Random } from '../../desired/credentials.ts';
import { secretKeys } from '../../desired/names.ts';
import { turnChildren, type TurnChildren } from '../../desired/turn/children.ts';
import { turnNames } from '../../desired/turn/names.ts';
import type { Action } from '../action.ts';
import { decideTurn, type TurnDecideContext, type TurnDecision } from './decide.ts';
import type { TurnObserved } from './observe.ts';
import { planTurn } from './plan.ts';

/** What an intent hangs on beside the observation. */
export interface TurnIntentContext extends TurnDecideContext {
  /** The operator's own: the agent is in it. Undefined: nobody has said which it is. */
  readonly operatorsImage: string | undefined;
  /** For keys of agents that do not exist yet. */
  readonly random: Random;
}

/** See the file comment. */
export interface TurnIntent {
  readonly decision: TurnDecision;
  /** In the order they are run. */
  readonly actions: readonly Action[];
}

const secretBytes = 32;

/** See the file comment. */
export function turnIntentOf(
  observed: TurnObserved,
  server: TurnServer,
  context: TurnIntentContext,
): TurnIntent {
  const decision = decideTurn(observed, server, context);
  const { object, pods, others, found, isNamespaceEnding, nowMs } = observed;
  const { fleet, auth, rotation, dataDigest, revision } = decision;
  const children = childrenOf(observed, server, { decision, random: context.random });
  const from = { fleet, auth, rotation, revision, operatorsImage: context.operatorsImage ?? '' };
  const actions = planTurn({
    ...{ server, object, pods, others, found, isNamespaceEnding, nowMs, children, ...from },
    ...(dataDigest !== undefined && { dataDigest }),
    decision: decision.pods,
  });
  return { decision, actions };
}

function childrenOf(
  { secrets, issuance }: TurnObserved,
  server: TurnServer,
  { decision, random }: { readonly decision: TurnDecision; readonly random: Random },
): TurnChildren {
  const agent = secrets[turnNames.agentSecret(server)] ?? {};
  const keyIn = (key: string): string =>
    agent[key] === undefined ? random(secretBytes) : Buffer.from(agent[key], 'base64').toString();
  return turnChildren(server, {
    agentKeys: { adminKey: keyIn(secretKeys.adminKey), metricsKey: keyIn(secretKeys.metricsKey) },
    secret: decision.rotation.issue,
    uris: decision.uris,
    peers: decision.peers.lines,
    canIssue: issuance.availability === 'Served',
  });
}
