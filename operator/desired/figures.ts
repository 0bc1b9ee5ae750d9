/** The live part of status: written when it changed, but no more often than pods are asked, and not at all at rest. */
import type { RtcClusterStatus } from '../api/rtccluster.ts';
import type { FleetDecision } from '../fleet/decide.ts';
import { sessionsOf } from '../fleet/members.ts';
import type { Change } from '../fleet/scale/change.ts';
import { apiTime } from './apiTime.ts';

type Sessions = NonNullable<RtcClusterStatus['sessions']>;
type Scaling = NonNullable<RtcClusterStatus['scaling']>;

/** See the file comment. */
export interface Figures {
  readonly sessions: Sessions;
  readonly scaling: Scaling;
  /** When numbers that are held back now may be written, milliseconds since the epoch. */
  readonly dueMs?: number;
}

/** `periodMs` is the least time from one change of the numbers to the next. */
export function figuresOf(
  decision: FleetDecision,
  before: Partial<RtcClusterStatus>,
  { nowMs, periodMs }: { readonly nowMs: number; readonly periodMs: number },
): Figures {
  const now = liveOf(decision, before);
  const told = scaleStory(decision, before);
  const sinceMs = Date.parse(before.sessions?.observedTime ?? '');
  const isSame = isAlike({ ...before.sessions, ...before.scaling }, { ...now.sessions, ...now.scaling });
  const isTooSoon = nowMs >= sinceMs && nowMs < sinceMs + periodMs;
  if (before.sessions !== undefined && (isSame || isTooSoon))
    return {
      sessions: before.sessions,
      scaling: { ...softOf(before.scaling ?? {}), ...told },
      ...(!isSame && { dueMs: sinceMs + periodMs }),
    };
  return {
    sessions: { ...now.sessions, observedTime: apiTime(nowMs) },
    scaling: { ...now.scaling, ...told },
  };
}

interface Live {
  readonly sessions: Omit<Sessions, 'observedTime'>;
  readonly scaling: Pick<Scaling, 'bindingTarget' | 'limitedBy'>;
}

function isAlike(a: Partial<Sessions & Scaling>, b: Partial<Sessions & Scaling>): boolean {
  return shown.every((name) => a[name] === b[name]);
}

const shown = ['current', 'capacity', 'headroom', 'stalePods', 'bindingTarget', 'limitedBy'] as const;

function liveOf({ members, scale }: FleetDecision, before: Partial<RtcClusterStatus>): Live {
  const current = members.reduce((sum, { pod }) => sum + (sessionsOf(pod) ?? 0), 0);
  const capacity = steady(before.sessions?.capacity, scale.capacity);
  const stalePods = members.filter(
    ({ pod }) => pod.marks.publishedSinceMs !== undefined && sessionsOf(pod) === undefined,
  ).length;
  return {
    sessions: { current, capacity, headroom: Math.max(0, capacity - current), stalePods },
    scaling: softOf({ bindingTarget: scale.binding, limitedBy: scale.limit?.reason }),
  };
}

function softOf({
  bindingTarget,
  limitedBy,
}: {
  bindingTarget?: string | undefined;
  limitedBy?: string | undefined;
}): Live['scaling'] {
  return {
    ...(bindingTarget !== undefined && { bindingTarget }),
    ...(limitedBy !== undefined && { limitedBy }),
  };
}

/** What a pod can take is learnt from its CPU and never quite the same: a tenth of difference is none. */
const steadyShare = 0.1;

function steady(before: number | undefined, now: number): number {
  const isNear = before !== undefined && Math.abs(now - before) <= before * steadyShare;
  return isNear ? before : now;
}

/** What happened, and what is to come: written at once. */
function scaleStory({ scale }: FleetDecision, before: Partial<RtcClusterStatus>): Scaling {
  const { last, next } = scale;
  const lastDecision = last === undefined ? before.scaling?.lastDecision : decisionOf(last);
  const lastScaleTime =
    last === undefined || last.isDryRun ? before.scaling?.lastScaleTime : apiTime(last.timeMs);
  return {
    ...(lastScaleTime !== undefined && { lastScaleTime }),
    ...(lastDecision !== undefined && { lastDecision }),
    ...(next && { nextScheduled: { time: apiTime(next.timeMs), minPods: next.minPods, name: next.name } }),
  };
}

function decisionOf({
  from,
  to,
  reason,
  message,
  timeMs,
  isDryRun,
  inputs,
}: Change): Scaling['lastDecision'] {
  return { from, to, reason, message, time: apiTime(timeMs), ...(isDryRun && { dryRun: true }), inputs };
}
