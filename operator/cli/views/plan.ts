/** PURE: the record of a cluster, and maybe another spec → what the operator would do now, by the very function that acts. */
import { rtcClusterSchema, type RtcCluster } from '../../api/rtccluster.ts';
import { pauseOf } from '../../desired/pause.ts';
import { timeoutMs } from '../../fleet/deadline.ts';
import type { Member } from '../../fleet/members.ts';
import type { Reason } from '../../fleet/pod.ts';
import { recordedAction, type RecordedAction, type RecordedRotation } from '../../record/decision.ts';
import type { ClusterRecord } from '../../record/record.ts';
import { intentOf, type Intent } from '../../reconcile/intent.ts';
import type { Observed } from '../../reconcile/observe.ts';
import { parsedAs } from '../../reconcile/observed.ts';
import { durationText } from '../text.ts';
import { aboutOf, type About } from './about.ts';
import { differences, type Difference } from './differences.ts';
import { changedBy } from './manifest.ts';
import { podRow, type PodRow, useOf } from './pods.ts';

/** A pod of an older revision that another will take the place of. */
export type Outdated = Pick<PodRow, 'name' | 'node' | 'sessions' | 'loadPercent'>;

/** See the file comment. */
export interface PlanView {
  readonly about: About;
  /** There is no such object yet: how many pods it asks for, in words. */
  readonly asksFor?: string;
  /** What the given spec changes; absent without one. */
  readonly edit?: readonly Difference[];
  readonly problem?: string;
  /** Why none of it is done for now; all below is what happens when that ends. */
  readonly paused?: string;
  readonly wanted?: { readonly before: number; readonly after: number; readonly message: string };
  /** The revision of the pods that the spec asks for, when pods of another are there. */
  readonly newRevision?: string;
  /** Pods that drain, or would begin to. */
  readonly drains: readonly PodRow[];
  /** Pods that are to go and are held back, with the reason. */
  readonly held: readonly PodRow[];
  /** Pods that would be deleted at once. */
  readonly deletions: readonly (Reason & { readonly name: string; readonly withCalls: boolean })[];
  /** Pods that would be made at once. */
  readonly creates: number;
  /** Pods that are replaced after those that drain, in steps. */
  readonly later: readonly Outdated[];
  readonly rollout?: Reason;
  /** What becomes of the secret of a TurnServer, unless it rests. */
  readonly rotation?: RecordedRotation;
  /** How long a pod may keep its calls in a rollout at most; absent: as long as they last. */
  readonly longestRolloutDrain?: string;
  /** Other writes. */
  readonly writes: readonly RecordedAction[];
  /** What could not be foretold. */
  readonly untold: readonly string[];
}

/** Nothing of a Secret is in a record: whether one would be written anew cannot be told. */
export const untold = [
  'Whether an existing Secret (binding, credentials) would be written: records hold no Secret values',
  'What the API server would refuse: kubectl apply --dry-run=server tells that',
];

/** Of a spec that cannot be read. */
export function noPlan(about: About, message: string): PlanView {
  const none = { drains: [], held: [], deletions: [], creates: 0, later: [], writes: [] };
  return { about, ...none, untold, problem: `The spec cannot be read: ${message}` };
}

/** Throws a RangeError when `edit` is another object. */
export function planView(record: ClusterRecord, edit?: unknown): PlanView {
  const { observed } = record;
  const about = aboutOf(observed.object);
  const wanted = edit === undefined ? observed : edited(observed, edit);
  const told = edit === undefined ? {} : { edit: editOf(observed.cluster, wanted.cluster) };
  if (!wanted.cluster.ok) return { ...noPlan(about, wanted.cluster.message), ...told };
  const intent = intentIn(wanted, wanted.cluster.value, record);
  const before = observed.cluster.ok ? intentIn(observed, observed.cluster.value, record) : undefined;
  return {
    ...{ about, ...told, untold },
    ...pausedIn(wanted.cluster.value),
    ...fateOf(intent, wanted.cluster.value),
    ...numberOf(intent, before),
  };
}

function pausedIn(cluster: RtcCluster): Pick<PlanView, 'paused'> {
  const pause = pauseOf(cluster);
  return pause === undefined ? {} : { paused: pause.message };
}

/** Fresh credentials are never shown, so any will do. */
function intentIn(observed: Observed, cluster: RtcCluster, { settings, history }: ClusterRecord): Intent {
  return intentOf(observed, cluster, { ...settings, history, random: () => 'redacted' });
}

function numberOf(intent: Intent, before: Intent | undefined): Pick<PlanView, 'wanted'> {
  const { wanted, scale } = intent.decision;
  const why = scale.change ?? scale.limit;
  const message = why?.message ?? `by ${scale.binding}`;
  return { wanted: { before: before?.decision.wanted ?? wanted, after: wanted, message } };
}

type Fate = Omit<PlanView, 'about' | 'edit' | 'wanted' | 'untold'>;

/** What becomes of the pods, and what else is written. */
export function fateOf(
  { decision, revision, actions }: Pick<Intent, 'decision' | 'revision' | 'actions'>,
  cluster: RtcCluster,
): Fate {
  const { members, rollout, deletions, create } = decision;
  const outdated = members.filter(({ pod }) => pod.revision !== rollout.target);
  const isDraining = (member: Member): boolean => member.drain !== undefined;
  const isHeld = ({ reason = '' }: Member): boolean => reason.startsWith('Held');
  const longestMs = timeoutMs(cluster.spec.drain, 'Rollout');
  const { progress } = rollout;
  return {
    ...(outdated.length > 0 && { newRevision: revision }),
    drains: members.filter(isDraining).map(podRow),
    held: members.filter(isHeld).map(podRow),
    deletions: deletions.map(({ pod, isForced, reason, message }) => ({
      ...{ name: pod.name, withCalls: isForced, reason, message },
    })),
    creates: create,
    later: outdated.filter((member) => !isDraining(member) && !isHeld(member)).map(outdatedRow),
    ...(progress && { rollout: { reason: progress.reason, message: progress.message } }),
    ...(longestMs !== undefined && { longestRolloutDrain: durationText(longestMs) }),
    writes: actions.filter(isTold).map(recordedAction),
  };
}

function outdatedRow({ pod }: Member): Outdated {
  return { name: pod.name, ...(pod.nodeName !== undefined && { node: pod.nodeName }), ...useOf(pod) };
}

/** Pods are told one by one; what is in a Secret is not known. */
function isTold({ object, ...action }: Intent['actions'][number]): boolean {
  if (object.kind === 'Pod') return false;
  if (object.kind !== 'Secret') return true;
  return action.type === 'create' || action.type === 'delete' || (action.type === 'apply' && action.isNew);
}

/** The same cluster with the spec of a manifest. */
function edited(observed: Observed, manifest: unknown): Observed {
  const object = changedBy(observed.object, manifest);
  return { ...observed, object, cluster: parsedAs(rtcClusterSchema, object, undefined) };
}

function editOf(before: Observed['cluster'], after: Observed['cluster']): readonly Difference[] {
  return before.ok && after.ok ? differences(before.value.spec, after.value.spec) : [];
}
