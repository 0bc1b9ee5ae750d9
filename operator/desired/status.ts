/** Decision → `status`. Live counters stay out of the members, so that status is written when something happens. */
import type { MemberStatus, RtcClusterStatus } from '../api/rtccluster.ts';
import { maxMembers } from '../api/rtcclusterStatus.ts';
import type { Condition } from '../api/shared.ts';
import type { Member } from '../fleet/members.ts';
import { verdicts } from './conditions/all.ts';
import { conditionsOf, type ConditionInput } from './conditions/verdict.ts';
import type { Figures } from './figures.ts';
import { podSelector } from './names.ts';

/** Longest message of a member; the API refuses more. */
const maxMessage = 1024;

/** What a status is made from. */
export interface StatusInput extends ConditionInput {
  readonly figures: Figures;
}

/** The whole status; `time` is RFC 3339 in whole seconds. Equal input gives equal output, so equality means no write. */
export function statusOf(input: StatusInput, time: string): RtcClusterStatus {
  const { cluster, decision, revision, figures } = input;
  const { members } = decision;
  const count = (matches: (member: Member) => boolean): number => members.filter(matches).length;
  const observedGeneration = cluster.metadata.generation;
  return {
    observedGeneration,
    desiredPods: decision.wanted,
    replicas: members.length,
    selector: Object.entries(podSelector(cluster))
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    publishedPods: count(({ isPublished }) => isPublished),
    drainingPods: count(({ state }) => state === 'Draining'),
    updatedPods: count(({ pod }) => pod.revision === revision),
    currentRevision: decision.rollout.current,
    updateRevision: revision,
    sessions: figures.sessions,
    scaling: figures.scaling,
    members: members
      .slice(0, maxMembers)
      .map((member) => memberStatus(member, cluster.status.members ?? [], time)),
    ...(members.length > maxMembers && { membersTruncated: true }),
    conditions: conditionsOf(verdicts(input), cluster.status.conditions ?? [], { observedGeneration, time }),
  };
}

/** Status of a cluster whose spec we cannot read: the rest of it stays as it was. */
export function invalidStatus(
  before: Partial<RtcClusterStatus>,
  problem: { readonly generation: number; readonly message: string; readonly time: string },
): RtcClusterStatus {
  const verdict = {
    type: 'Ready',
    status: 'False',
    reason: 'InvalidSpec',
    message: problem.message,
  } as const;
  const others: Condition[] = (before.conditions ?? []).filter(({ type }) => type !== 'Ready');
  const now = { observedGeneration: problem.generation, time: problem.time };
  return { ...before, conditions: [...conditionsOf([verdict], before.conditions ?? [], now), ...others] };
}

/** One line of `status.members`; `before` is the list as it was. */
export function memberStatus(member: Member, before: readonly MemberStatus[], time: string): MemberStatus {
  const { pod, state, reason, message, address } = member;
  const last = before.find(({ name }) => name === pod.name);
  return {
    name: pod.name,
    ...(pod.nodeName !== undefined && { node: pod.nodeName }),
    ...(pod.node?.zone !== undefined && { zone: pod.node.zone }),
    ...(address !== '' && { address }),
    revision: pod.revision,
    state,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message: message.slice(0, maxMessage) }),
    ...drainStatus(member),
    since: last?.state === state ? last.since : time,
  };
}

function drainStatus({ drain, deadlineMs }: Member): Pick<MemberStatus, 'drain' | 'deadline'> {
  return {
    ...(drain !== undefined && { drain: drain.reason }),
    ...(deadlineMs !== undefined && { deadline: new Date(deadlineMs).toISOString() }),
  };
}
