/** Decision → `status.conditions`. Each says what is wrong and what to do about it, in the words of the decision. */
import type { RtcCluster } from '../api/rtccluster.ts';
import type { Condition } from '../api/shared.ts';
import { isPublic, publicEntry } from '../fleet/address.ts';
import type { FleetDecision } from '../fleet/decide.ts';
import type { Member, MemberState } from '../fleet/members.ts';
import type { Reason } from '../fleet/pod.ts';

/** What conditions are made from. */
export interface ConditionInput {
  readonly cluster: RtcCluster;
  readonly decision: FleetDecision;
  /** Revision of the current pod template. */
  readonly revision: string;
  /** What the API server refused to do for us this time, in its own words. */
  readonly refusal?: Reason;
  /** One sentence per client without usable credentials. */
  readonly credentialProblems: readonly string[];
}

/** A condition before it is known since when. */
export type Verdict = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

/** All five, Ready first. */
export function verdicts(input: ConditionInput): Verdict[] {
  const addresses = addressesResolved(input.decision.members);
  const available = isAvailable(input);
  const published = endpointsPublished(input.decision);
  return [
    ready(input, [addresses, published, available]),
    available,
    progressing(input),
    published,
    addresses,
  ];
}

/** Puts the times to the verdicts: a condition whose status stays keeps its `lastTransitionTime`. */
export function conditionsOf(
  wanted: readonly Verdict[],
  before: readonly Condition[],
  now: { readonly observedGeneration: number; readonly time: string },
): Condition[] {
  return wanted.map((verdict) => {
    const last = before.find(({ type }) => type === verdict.type);
    const isSame = last?.status === verdict.status;
    return {
      ...verdict,
      observedGeneration: now.observedGeneration,
      lastTransitionTime: isSame ? last.lastTransitionTime : now.time,
    };
  });
}

function ready({ cluster, credentialProblems, refusal }: ConditionInput, parts: readonly Verdict[]): Verdict {
  const type = 'Ready';
  if (refusal !== undefined) return { type, status: 'False', ...refusal };
  if (cluster.metadata.deletionTimestamp !== undefined)
    return { type, status: 'False', reason: 'Deleting', message: 'Goes when its last call has ended' };
  if (credentialProblems.length > 0)
    return { type, status: 'False', reason: 'CredentialsMissing', message: credentialProblems.join('; ') };
  const wrong = parts.find(({ status }) => status === 'False');
  if (wrong !== undefined) return { ...wrong, type };
  return { type, status: 'True', reason: 'AllPublished', message: 'Every pod takes calls' };
}

function isAvailable({ cluster, decision }: ConditionInput): Verdict {
  const { minPublished } = cluster.spec.discovery;
  const count = decision.members.filter(({ isPublished }) => isPublished).length;
  const message = `${count} published, discovery.minPublished is ${minPublished}`;
  return count >= minPublished
    ? { type: 'Available', status: 'True', reason: 'MinimumPublished', message }
    : { type: 'Available', status: 'False', reason: 'BelowMinimum', message };
}

/** States short of Published, the one that most needs a person first. */
const urgency: readonly MemberState[] = ['Failed', 'Pending', 'Gated', 'Cordoned', 'Starting'];

function endpointsPublished({ members, wanted, create }: FleetDecision): Verdict {
  const type = 'EndpointsPublished';
  const published = members.filter(({ isPublished }) => isPublished).length;
  if (published >= wanted)
    return {
      type,
      status: 'True',
      reason: 'AllPublished',
      message: `${published} of ${wanted} pods are in DNS`,
    };
  const waiting = members
    .filter(({ state }) => urgency.includes(state))
    .toSorted((a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state));
  const [first] = waiting;
  if (first === undefined || create > 0)
    return {
      type,
      status: 'False',
      reason: 'Creating',
      message: `${published} of ${wanted} pods are in DNS`,
    };
  const reason = first.reason ?? first.state;
  return { type, status: 'False', reason, message: sentences(waiting) };
}

/** How many pods a message names. */
const namedPods = 3;

function sentences(members: readonly Member[]): string {
  const named = members
    .slice(0, namedPods)
    .map(({ pod, message }) => `${pod.name}: ${message ?? 'not published'}`);
  const rest = members.length - named.length;
  return named.join('; ') + (rest > 0 ? `; and ${rest} more` : '');
}

function progressing({ decision, revision }: ConditionInput): Verdict {
  const type = 'Progressing';
  const inState = (...states: readonly MemberState[]): readonly Member[] =>
    decision.members.filter(({ state }) => states.includes(state));
  const draining = inState('Draining');
  if (draining.length > 0)
    return { type, status: 'True', reason: draining[0]?.reason ?? 'Draining', message: sentences(draining) };
  const starting = inState('Pending', 'Starting', 'Gated');
  if (decision.create > 0 || starting.length > 0)
    return { type, status: 'True', reason: 'Starting', message: 'New pods are on their way' };
  const outdated = decision.members.filter(({ pod }) => pod.revision !== revision).length;
  if (outdated > 0)
    return {
      type,
      status: 'False',
      reason: 'Outdated',
      message: `${outdated} pods are made from an older template: each is renewed when it is drained or deleted`,
    };
  return { type, status: 'False', reason: 'Settled', message: 'Nothing is left to do' };
}

function addressesResolved(members: readonly Member[]): Verdict {
  const type = 'AddressesResolved';
  const problem = members.find(({ pod }) => pod.addressProblem !== undefined)?.pod.addressProblem;
  if (problem !== undefined) return { type, status: 'False', ...problem };
  const known = members.filter(({ address }) => address !== '');
  if (known.length === 0)
    return { type, status: 'Unknown', reason: 'NoNodeYet', message: 'No pod has a node yet' };
  const inside = known.filter(({ address }) => !isPublic(publicEntry(address)));
  if (inside.length === 0)
    return {
      type,
      status: 'True',
      reason: 'PublicAddress',
      message: 'Every pod advertises a public address',
    };
  const addresses = inside.slice(0, namedPods).map(({ address }) => publicEntry(address));
  return {
    type,
    status: 'True',
    reason: 'PrivateAddress',
    message: `Clients must be able to reach ${addresses.join(', ')}: private addresses. For clients on the Internet give the nodes an ExternalIP`,
  };
}
