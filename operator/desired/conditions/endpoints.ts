/** How many pods Mattermost finds, and why not more. */
import type { Member, MemberState } from '../../fleet/members.ts';
import type { Reason } from '../../fleet/pod.ts';
import { sentences, type ConditionInput, type Verdict } from './verdict.ts';

/** Available: at least `discovery.minPublished` pods are in DNS. */
export function available({ cluster, decision }: ConditionInput): Verdict {
  const { minPublished } = cluster.spec.discovery;
  const count = decision.members.filter(({ isPublished }) => isPublished).length;
  const message = `${count} published, discovery.minPublished is ${minPublished}`;
  return count >= minPublished
    ? { type: 'Available', status: 'True', reason: 'MinimumPublished', message }
    : { type: 'Available', status: 'False', reason: 'BelowMinimum', message };
}

/** States short of Published, the one that most needs a person first. */
const urgency: readonly MemberState[] = ['Failed', 'Pending', 'Gated', 'Cordoned', 'Starting'];

/** Members short of Published, the one that most needs a person first. */
export function mostUrgentFirst(members: readonly Member[]): readonly Member[] {
  return members
    .filter(({ state }) => urgency.includes(state))
    .toSorted((a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state));
}

/** Fewer than are wanted, and as many as a rollout leaves. */
export function replacing(message: string): Reason {
  return { reason: 'RolloutReplaces', message: `${message}, as many as the rollout leaves at a time` };
}

/** EndpointsPublished: as many pods as are wanted are in DNS, but for those that a rollout replaces. */
export function endpointsPublished({ decision }: ConditionInput): Verdict {
  const { members, wanted, create, rollout } = decision;
  const type = 'EndpointsPublished';
  const published = members.filter(({ isPublished }) => isPublished).length;
  if (published >= wanted)
    return {
      type,
      status: 'True',
      reason: 'AllPublished',
      message: `${published} of ${wanted} pods are in DNS`,
    };
  if (published >= rollout.wanted)
    return { type, status: 'True', ...replacing(`${published} of ${wanted} pods are in DNS`) };
  const waiting = mostUrgentFirst(members);
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
