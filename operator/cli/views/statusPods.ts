/** PURE: the pods of one RTCCluster or TurnServer: what its status says of each, and what the operator last heard from it. */
import type { MemberStatus } from '../../api/rtccluster.ts';
import type { PodView } from '../../fleet/pod.ts';
import type { Known } from '../doctor/finding.ts';
import { durationText, table } from '../text.ts';
import { wordsFor, type About } from './about.ts';
import { useOf } from './pods.ts';

/** One pod. */
export interface PodStatus extends MemberStatus {
  /** Participants, or allocations of a TURN pod; absent: nobody knows. */
  readonly sessions?: number;
  /** Calls that they take part in; absent: nobody knows, or it is a TURN pod. */
  readonly calls?: number;
}

/** What the operator tells live of the pods of one object; a text is why it does not. */
export type LivePods = Known<readonly Pick<PodView, 'name' | 'facts'>[]>;

/** As many as the status lists. */
export function podsOf(members: readonly MemberStatus[], live: LivePods | undefined): readonly PodStatus[] {
  const seen = live !== undefined && 'value' in live ? live.value : [];
  return members.map((member) => {
    const { facts } = seen.find(({ name }) => name === member.name) ?? {};
    const { sessions } = useOf({ ...(facts && { facts }) });
    const calls = facts?.answered === true ? facts.calls : undefined;
    return { ...member, ...(sessions !== undefined && { sessions }), ...(calls !== undefined && { calls }) };
  });
}

/** For people. */
export function podTable(pods: readonly PodStatus[], kind: About['kind'], nowMs: number): string {
  const isTurn = kind === 'TurnServer';
  const counts = isTurn ? [wordsFor({ kind }).sessions] : ['sessions', 'calls'];
  const head = ['pod', 'node', 'address', 'state', ...counts, 'reason', 'since', 'deadline'];
  const rows = pods.map((pod) => [
    ...[pod.name, pod.node ?? '', pod.address ?? '', pod.state],
    ...[countText(pod, pod.sessions), ...(isTurn ? [] : [countText(pod, pod.calls)])],
    ...[pod.reason ?? '', durationText(nowMs - Date.parse(pod.since)), pod.deadline ?? ''],
  ]);
  return table([head.map((word) => word.toUpperCase()), ...rows]);
}

/** A pod without a node cannot have any. */
function countText({ node }: PodStatus, count: number | undefined): string {
  return count === undefined ? (node === undefined ? '-' : 'unknown') : String(count);
}
