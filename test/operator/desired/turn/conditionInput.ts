/** TurnServers as their conditions see them: one where all is well, and whatever is changed in it. */
import { turnVerdicts } from '../../../../operator/desired/turn/conditions/all.ts';
import type { TurnConditionInput } from '../../../../operator/desired/turn/conditions/input.ts';
import { decideFleet } from '../../../../operator/fleet/decide.ts';
import type { Facts, PodView } from '../../../../operator/fleet/pod.ts';
import type { GateDecision } from '../../../../operator/fleet/publish.ts';
import type { TurnFacts } from '../../../../operator/turn/facts.ts';
import type { Rotation } from '../../../../operator/turn/rotation/state.ts';
import { secretHash } from '../../../../operator/turn/secretHash.ts';
import { aPod, facts, nowMs, silence } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';
import { aTurnServer } from '../../../support/turnservers.ts';

/** Of the secret in use. */
export const hash = secretHash('shared');
/** What a coturn tells that does what it should. */
export const told: TurnFacts = {
  secrets: [hash],
  peersDigest: 'digest',
  certificate: null,
  trials: { [hash]: { ok: true } },
};
/** A secret at rest. */
export const rotation: Rotation = {
  stage: 'Stable',
  contents: { secret: 'shared', annotations: {} },
  issue: 'shared',
  reason: { reason: 'SecretInUse', message: `Credentials are made with secret ${hash}` },
  waitingFor: [],
};
/** Before the Secret was seen. */
export const unknown: Rotation = {
  stage: 'Stable',
  contents: rotation.contents,
  reason: rotation.reason,
  waitingFor: [],
};

type Answer = Facts & { readonly answered: true };
/** Published, and does not answer any more. */
export const silent = (): PodView => aPod({ name: 'edge-turn-1', engine: 'Coturn', facts: silence });
/** One that serves, and answers so. */
export const turnPod = (answer: Partial<Answer> = {}): PodView =>
  aPod({ name: 'edge-turn-0', engine: 'Coturn', facts: facts({ version: '4.18.0', turn: told, ...answer }) });

/** What conditions are made from, of a TurnServer with these pods. */
export function input(
  pods: readonly PodView[],
  change: Partial<TurnConditionInput> = {},
): TurnConditionInput {
  const cluster = aCluster({ replicas: pods.length });
  const gateOf = ({ marks }: PodView): GateDecision =>
    marks.drain === undefined ? { ok: true } : { ok: false, reason: 'Drains', message: 'It drains' };
  const decision = decideFleet({ cluster, pods, revision: 'current', nowMs, gateOf });
  return {
    server: aTurnServer(),
    cluster,
    decision,
    rotation,
    peers: { lines: ['10.0.0.7'], refused: [], missing: [] },
    peersDigest: 'digest',
    users: [],
    hosts: ['192.0.2.1'],
    ...change,
  };
}

/** `False Reason: message`. */
export function verdict(type: string, of: TurnConditionInput): string {
  const found = turnVerdicts(of).find((one) => one.type === type);
  return found === undefined ? 'absent' : `${found.status} ${found.reason}: ${found.message}`;
}
