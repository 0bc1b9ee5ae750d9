/** Whether a TURN pod may be published: clients are sent only to coturns that were seen to take their credentials. */
import { isPublic, publicEntry } from '../fleet/address.ts';
import type { PodView } from '../fleet/pod.ts';
import type { GateDecision } from '../fleet/publish.ts';
import { judgeVersion } from './version.ts';

/** What the gate asks for. */
export interface TurnGateRules {
  /** Whether the address that clients use must be a public one. */
  readonly requirePublic: boolean;
  /** Of the secret that credentials are made with; absent while there is none. */
  readonly activeHash: string | undefined;
  /** Of the one before, while credentials of it may be in use. */
  readonly previousHash: string | undefined;
}

/** See the file comment. The first that is wrong. */
export function turnGate(pod: PodView, rules: TurnGateRules): GateDecision {
  if (pod.marks.drain !== undefined)
    return closed('DrainsForGood', 'It drains, and a coturn cannot take that back');
  if (pod.addressProblem !== undefined && pod.marks.address === '')
    return { ok: false, ...pod.addressProblem };
  if (!pod.isReady) return closed('NotReady', 'The pod is not ready');
  return addressGate(pod, rules) ?? agentGate(pod, rules) ?? { ok: true };
}

function addressGate(pod: PodView, { requirePublic }: TurnGateRules): GateDecision | undefined {
  const first = publicEntry(pod.marks.address);
  if (first === '') return closed('AddressUnknown', 'The address of its node is not known yet');
  if (!requirePublic || isPublic(first)) return undefined;
  return closed(
    'AddressNotPublic',
    `${first} is a private address and network.address.require is Public: give the node an external address, or set require: Any`,
  );
}

/** A published pod stays so while its node says that it is ready: an operator that cannot reach it is more likely cut off itself. */
function agentGate(pod: PodView, rules: TurnGateRules): GateDecision | undefined {
  const { facts } = pod;
  if (facts?.answered !== true) {
    if (pod.marks.isPublished) return undefined;
    const why = facts === undefined ? 'was not asked yet' : `does not answer: ${facts.message}`;
    return closed('AgentNotAnswering', `Its agent ${why}`);
  }
  const { verdict, reason } = judgeVersion(facts.version);
  if (verdict === 'Refused') return { ok: false, ...reason };
  if (facts.isDraining) return closed('DrainsForGood', 'Its coturn drains, and cannot take that back');
  return pod.marks.isPublished ? undefined : trialGate(pod, rules);
}

function trialGate({ facts }: PodView, rules: TurnGateRules): GateDecision | undefined {
  const { activeHash, previousHash } = rules;
  if (activeHash === undefined)
    return closed('SecretMissing', 'There is no secret yet that credentials could be made with');
  const turn = facts?.answered === true ? facts.turn : undefined;
  const trial = turn?.trials[activeHash];
  if (trial === undefined) return untried(turn?.problem);
  if (!trial.ok) return closed('AllocationFailed', `A trial allocation on it failed: ${trial.reason}`);
  return lacking(turn?.secrets ?? [], previousHash);
}

function untried(problem: string | undefined): GateDecision {
  const why = problem === undefined ? '' : `: ${problem}`;
  return closed('NotTried', `No trial allocation was made on it yet${why}`);
}

function lacking(taken: readonly string[], previousHash: string | undefined): GateDecision | undefined {
  if (previousHash === undefined || taken.includes(previousHash)) return undefined;
  return closed(
    'PreviousSecretMissing',
    `It does not take credentials of the previous secret ${previousHash} yet`,
  );
}

function closed(reason: string, message: string): GateDecision {
  return { ok: false, reason, message };
}
