/** Everything that was decided about each pod, put together: one member each. */
import type { RtcCluster } from '../api/rtccluster.ts';
import type { Drain } from './drains.ts';
import { keptForMinimum } from './keep.ts';
import { mayHaveCalls, stateOf, type Member } from './members.ts';
import type { PodView, Reason } from './pod.ts';
import type { GateDecision } from './publish.ts';
import { requestOf } from './requests.ts';
import type { Roster } from './roster.ts';

/** The decisions about the pods, by uid, and what else they depend on. */
export interface MembersContext {
  readonly gates: ReadonlyMap<string, GateDecision>;
  readonly drains: ReadonlyMap<string, Drain>;
  readonly held: Roster['held'];
  /** Those that a rollout has added and that have taken another's place. */
  readonly settled: ReadonlySet<string>;
  readonly cluster: RtcCluster;
}

/** See the file comment. */
export function membersOf(pods: readonly PodView[], context: MembersContext): Member[] {
  const { drains, held, cluster } = context;
  const candidates = pods
    .filter((pod) => !pod.isTerminating && !pod.isDead && !drains.has(pod.uid))
    .map((pod) => ({ pod, gate: gateOf(pod, context) }));
  const kept = keptForMinimum(candidates, cluster.spec.discovery.minPublished);
  return pods.map((pod) => {
    const drain = drains.get(pod.uid);
    const whyKept = kept.get(pod.uid);
    const note = held.get(pod.uid) ?? unknownRequest(pod);
    const decision = stateOf(pod, {
      gate: gateOf(pod, context),
      ...(whyKept !== undefined && { whyKept }),
      ...(drain && { drain: drain.progress }),
      ...(note && { note }),
    });
    return {
      pod,
      state: decision.state,
      ...(decision.reason !== undefined && { reason: decision.reason }),
      ...(decision.message !== undefined && { message: decision.message }),
      isPublished: decision.state === 'Published',
      isBusy: mayHaveCalls(pod, decision.state === 'Published'),
      ...(pod.marks.isSurge === true && !context.settled.has(pod.uid) && { isSurge: true as const }),
      ...drainOf(pod, drain),
      address: pod.marks.address,
    };
  });
}

function unknownRequest(pod: PodView): Reason | undefined {
  const request = requestOf(pod);
  return request?.state === 'Unknown' ? { reason: request.reason, message: request.message } : undefined;
}

/** Of two deadlines the earlier one counts. */
function drainOf(pod: PodView, drain: Drain | undefined): Pick<Member, 'drain' | 'cause' | 'deadlineMs'> {
  const { terminatesMs = Number.POSITIVE_INFINITY } = pod;
  const deadlineMs = Math.min(terminatesMs, drain?.mark.deadlineMs ?? Number.POSITIVE_INFINITY);
  return {
    ...(drain && { drain: drain.mark, cause: drain.cause }),
    ...(Number.isFinite(deadlineMs) && { deadlineMs }),
  };
}

function gateOf(pod: PodView, { gates }: MembersContext): GateDecision {
  return gates.get(pod.uid) ?? { ok: false, reason: 'Unknown', message: 'It was not looked at yet' };
}
