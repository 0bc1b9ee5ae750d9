/** PURE: the record of an RTCCluster or TurnServer → why it is as it is: the last decision, what it was made from, and what changed before. */
import type { RtcClusterStatus } from '../../api/rtccluster.ts';
import type { TurnServer } from '../../api/turnserver.ts';
import { podRemedy, remedyOf, type Urgency } from '../../desired/conditions/help/remedy.ts';
import type { Reason } from '../../fleet/pod.ts';
import type { RecordedChange } from '../../record/changes.ts';
import type { RecordedDecision, RecordedRotation } from '../../record/decision.ts';
import type { Parsed } from '../../reconcile/observed.ts';
import type { ClusterRecord, TurnRecord } from '../../record/record.ts';
import { timeText } from '../text.ts';
import { aboutOf, type About } from './about.ts';
import { podRow, type PodRow } from './pods.ts';

/** A condition that is not as it should be. */
export interface Concern extends Reason {
  readonly type: string;
  readonly status: string;
  readonly urgency: Urgency;
  readonly toDo?: string;
}

/** See the file comment. */
export interface WhyView {
  readonly about: About;
  /** The operator's pod that told it. */
  readonly by: string;
  /** RFC 3339: when the last decision was made. */
  readonly decided?: string;
  /** What is wrong with the spec; nothing new is decided until that is mended. */
  readonly problem?: string;
  readonly pods?: {
    readonly wanted: number;
    /** What decided the number: a target, minPods, replicas … */
    readonly binding: string;
    readonly limit?: Reason;
    /** The last change of the number. */
    readonly last?: Reason & { readonly from: number; readonly to: number; readonly time: string };
    /** What each target asks for, in pods, the greatest first. */
    readonly needs: readonly { readonly target: string; readonly pods: number }[];
    readonly inputs: Readonly<Record<string, number>>;
  };
  readonly members: readonly (PodRow & { readonly toDo?: string })[];
  readonly rollout?: Reason & { readonly target: string; readonly current: string };
  /** Of the secret of a TurnServer. */
  readonly rotation?: RecordedRotation;
  readonly refusal?: Reason;
  readonly concerns: readonly Concern[];
  readonly changes: readonly (Omit<RecordedChange, 'atMs'> & { readonly time: string })[];
}

/** `pod` limits it to one. */
export function whyView(record: ClusterRecord | TurnRecord, pod?: string): WhyView {
  const { observed, last, by } = record;
  const about = aboutOf(observed.object);
  const spec = 'server' in observed ? observed.server : observed.cluster;
  const isMeant = (what: string): boolean => pod === undefined || what === `pod ${pod}`;
  return {
    ...{ about, by },
    ...(!spec.ok && { problem: `The spec cannot be read: ${spec.message}` }),
    ...(last && decided(last, pod)),
    ...(last && pod === undefined && { pods: numberOf(last, 'server' in observed && observed.server) }),
    members: last === undefined ? [] : membersOf(last, pod, about.kind),
    concerns: pod === undefined ? concernsOf(observed.object['status'] ?? {}, about.kind) : [],
    changes: record.changes
      .filter((change) => isMeant(change.about))
      .map(({ atMs, ...change }) => ({ time: timeText(atMs), ...change })),
  };
}

function decided(last: RecordedDecision, pod: string | undefined): Partial<WhyView> {
  const { atMs, rollout, rotation, refusal } = last;
  if (pod !== undefined) return { decided: timeText(atMs) };
  const { target, current, progress } = rollout;
  return {
    decided: timeText(atMs),
    ...(progress && { rollout: { target, current, reason: progress.reason, message: progress.message } }),
    ...(rotation && { rotation }),
    ...(refusal && { refusal }),
  };
}

/** The number of pods of a TurnServer follows from its placement alone: nothing scales it. */
function numberOf(
  { wanted, scale }: RecordedDecision,
  server: Parsed<TurnServer> | false,
): NonNullable<WhyView['pods']> {
  if (server !== false) {
    const isByNode = server.ok && server.value.spec.placement.mode === 'EveryNode';
    const binding = isByNode ? 'placement.mode EveryNode' : 'placement.replicas';
    return { wanted, binding, needs: [], inputs: {} };
  }
  const { binding, limit, last, needs, inputs } = scale;
  return {
    wanted,
    binding,
    ...(limit && { limit: { reason: limit.reason, message: limit.message } }),
    ...(last && {
      last: {
        ...{ from: last.from, to: last.to, time: timeText(last.timeMs) },
        ...{ reason: last.reason, message: last.message },
      },
    }),
    needs: needs.map(({ target, pods }) => ({ target, pods: Math.round(pods * 100) / 100 })),
    inputs: { ...inputs },
  };
}

function membersOf(
  { members }: RecordedDecision,
  pod: string | undefined,
  kind: About['kind'],
): WhyView['members'] {
  return members
    .filter((member) => pod === undefined || member.pod.name === pod)
    .map((member) => {
      const toDo = podRemedy(member.reason ?? '', kind);
      return { ...podRow(member), ...(toDo !== undefined && { toDo }) };
    });
}

/** Conditions that somebody should look at, the worst first. */
export function concernsOf({ conditions = [] }: Partial<RtcClusterStatus>, kind = 'RTCCluster'): Concern[] {
  const order: readonly Urgency[] = ['Broken', 'Unknown', 'Attention', 'Passing'];
  return conditions
    .map((condition) => {
      const { type, status, reason, message } = condition;
      return { type, status, reason, message, ...remedyOf(kind, condition) };
    })
    .filter(({ urgency }) => urgency !== 'Well')
    .toSorted((a, b) => order.indexOf(a.urgency) - order.indexOf(b.urgency));
}
