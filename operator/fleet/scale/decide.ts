/** (Pods, spec, history, now) → how many serving pods are wanted, and why; with the history that the next decision goes on from. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import type { PodView } from '../pod.ts';
import { capacitySessions } from './capacity.ts';
import { changeOf, type Change, type ScaleInputs } from './change.ts';
import { floorOf, nextPlanned, planProblems, type Floor, type Planned } from './floors.ts';
import { growthPerSecond } from './growth.ts';
import { noted, type ScaleHistory } from './history.ts';
import { podsForLargestCall } from './largestCall.ts';
import type { Limit } from './limit.ts';
import { look, type ScaleInput, type View } from './look.ts';
import { headroomSessions, type Need } from './needs.ts';
import { recommend, wholePods, type Binding, type Recommendation } from './recommend.ts';
import { stepTo } from './steps.ts';
import { lastAnswer } from './usage.ts';

/** See the file comment. */
export interface ScaleDecision {
  /** How many serving pods are wanted; acted upon. */
  readonly desired: number;
  /** The greatest first. */
  readonly needs: readonly Need[];
  /** Pods that the demand with its headroom needs, whoever decides their number. */
  readonly needed: number;
  readonly binding: Binding | 'replicas';
  /** What keeps `desired` from what is needed. */
  readonly limit?: Limit;
  /** People that the pods in DNS can take. */
  readonly capacity: number;
  /** Pods whose use is unknown. */
  readonly unknown: readonly string[];
  /** Schedules that cannot be read. */
  readonly problems: readonly string[];
  readonly inputs: ScaleInputs;
  readonly next?: Planned;
  /** The number was changed just now; in a dry run, it would have been. */
  readonly change?: Change;
  /** The last change that this leader made. */
  readonly last?: Change;
}

/** A decision, and what is remembered of it. */
export interface Scaled {
  readonly decision: ScaleDecision;
  readonly history: ScaleHistory;
  /** When to look again, milliseconds since the epoch; absent where only others decide. */
  readonly recheckMs?: number;
}

/** See the file comment. */
export function decideScale(input: ScaleInput): Scaled {
  const view = look(input);
  const { mode, metrics } = input.cluster.spec.scaling;
  if (mode !== 'Auto') return manual(input, view);
  return { ...automatic(input, view), recheckMs: input.nowMs + metrics.periodSeconds * 1000 };
}

function automatic(input: ScaleInput, view: View): Scaled {
  const { cluster, nowMs, eligibleNodes } = input;
  const spec = cluster.spec.scaling;
  const { needs, usage, leadMs } = view;
  const floor = floorOf(spec, { nowMs, leadMs });
  const from = view.history.desired;
  const current = Math.min(from, spec.maxPods);
  const largestCallPods = guarded(view, spec, current);
  const wish = recommend({ spec, needs, largestCallPods, floor, current, eligibleNodes });
  const runs = noted(view.history.runs, wish.pods, nowMs);
  const history = { ...view.history, runs, desired: current };
  const youngestMs = youngest(view.published);
  const { unknown } = usage;
  const step = stepTo({ spec, history, recommended: wish.pods, floor, unknown, youngestMs, nowMs });
  const base = common(input, view);
  const change = changeOf({
    ...{ from, to: step.desired, wish, needs, floor, maxPods: spec.maxPods, inputs: base.inputs, nowMs },
    ...{ isDryRun: spec.dryRun, wouldBe: history.wouldBe },
  });
  const desired = spec.dryRun ? Math.max(current, spec.minPods) : step.desired;
  const limit = step.limit ?? wish.limit ?? heldUp(floor, wish, needs);
  const needed = Math.max(base.needed, largestCallPods);
  const decision = { ...base, desired, binding: wish.binding, needed, ...(limit && { limit }) };
  const wouldBe = spec.dryRun ? step.desired : undefined;
  return concluded(decision, { history, change, wouldBe, from, nowMs });
}

function youngest(pods: readonly PodView[]): number | undefined {
  return pods.length === 0 ? undefined : Math.max(...pods.map(({ createdMs }) => createdMs));
}

function guarded({ published }: View, spec: RtcCluster['spec']['scaling'], current: number): number {
  return podsForLargestCall({
    largest: spec.headroom.largestCallSessions,
    perPod: spec.target.sessionsPerPod ?? 0,
    serving: published.map((pod) => lastAnswer(pod)?.sessions ?? 0),
    current,
  });
}

/** A plan that holds the number above the need is a limit, too: to those who wonder why it does not fall. */
function heldUp(floor: Floor, wish: Recommendation, needs: readonly Need[]): Limit | undefined {
  if (floor.cause === 'minPods' || wish.binding !== floor.cause) return undefined;
  if (wish.pods <= Math.ceil(needs[0]?.pods ?? 0)) return undefined;
  const reason = floor.cause === 'schedule' ? 'Schedule' : 'Reservation';
  return { reason, message: `${floor.plan ?? ''} holds ${floor.pods} pods` };
}

/** By hand, or by an autoscaler outside: what it needs is said all the same. */
function manual(input: ScaleInput, view: View): Scaled {
  const { cluster, nowMs } = input;
  const desired = cluster.spec.replicas ?? 0;
  const from = view.history.desired;
  // Who turns to Auto begins with a whole window.
  const history = { ...view.history, desired, watchedSinceMs: nowMs, runs: [] };
  const base = common(input, { ...view, history });
  const reason = cluster.spec.scaling.mode === 'External' ? 'ExternalReplicas' : 'Replicas';
  const told = { reason, message: `spec.replicas is ${desired}`, timeMs: nowMs };
  const change =
    from === desired ? undefined : { ...told, from, to: desired, inputs: base.inputs, isDryRun: false };
  const decision = { ...base, desired, binding: 'replicas' as const };
  return concluded(decision, { history, change, wouldBe: undefined, from, nowMs });
}

interface Conclusion {
  readonly history: ScaleHistory;
  readonly change: Change | undefined;
  readonly wouldBe: number | undefined;
  readonly from: number;
  readonly nowMs: number;
}

/** Longest period that a velocity counts over. */
const longestPeriodMs = 1_800_000;

function concluded(decision: Omit<ScaleDecision, 'change' | 'last'>, conclusion: Conclusion): Scaled {
  const { history, change, wouldBe, from, nowMs } = conclusion;
  const { desired } = decision;
  const recent = history.steps.filter(({ atMs }) => nowMs - atMs < longestPeriodMs);
  const last = change ?? history.last;
  return {
    decision: { ...decision, ...(change && { change }), ...(last && { last }) },
    history: {
      ...{ ...history, desired, wouldBe },
      steps: desired === from ? recent : [...recent, { atMs: nowMs, from, to: desired }],
      ...(last && { last }),
    },
  };
}

type Common = Omit<ScaleDecision, 'desired' | 'binding' | 'limit' | 'change' | 'last'>;

function common({ cluster, pods, nowMs, eligibleNodes }: ScaleInput, view: View): Common {
  const { usage, needs, context, leadMs, published } = view;
  const spec = cluster.spec.scaling;
  const next = nextPlanned(spec, nowMs);
  return {
    needs,
    needed: wholePods(needs[0]?.pods ?? 0, view.history.desired, spec),
    capacity: capacitySessions(usage, { needs, target: spec.target, published: published.length }),
    unknown: usage.unknown,
    problems: planProblems(spec),
    inputs: {
      sessions: usage.sessions,
      headroomSessions: Math.ceil(headroomSessions(usage, context)),
      growthPerMinute: Math.round(growthPerSecond(view.history.samples) * 60),
      leadSeconds: Math.round(leadMs / 1000),
      loadPercent: Math.round(context.loadPods * 100),
      cpuPercent: Math.round(context.smooth.cpuPods * 100),
      egressMbit: Math.round(context.smooth.egressMbit),
      pods: pods.length,
      publishedPods: published.length,
      unknownPods: usage.unknown.length,
      ...(eligibleNodes !== undefined && { eligibleNodes }),
    },
    ...(next && { next }),
  };
}
