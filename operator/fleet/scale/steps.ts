/** From what is recommended to what is done: windows, confirmation, velocity, and what forbids going down. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import type { Floor } from './floors.ts';
import { within, type ScaleHistory } from './history.ts';
import type { Limit } from './limit.ts';

type Behavior = RtcCluster['spec']['scaling']['behavior'];

/** What a step is decided from. */
export interface StepInput {
  readonly spec: RtcCluster['spec']['scaling'];
  /** With the recommendation noted. */
  readonly history: ScaleHistory;
  readonly recommended: number;
  readonly floor: Floor;
  /** Names of the pods whose use is unknown. */
  readonly unknown: readonly string[];
  /** When the youngest pod in DNS was created. */
  readonly youngestMs: number | undefined;
  readonly nowMs: number;
}

/** How many pods are wanted now, and what kept it from being the recommended number. */
export interface StepDecision {
  readonly desired: number;
  readonly limit?: Limit;
}

/** See the file comment. */
export function stepTo(input: StepInput): StepDecision {
  const { recommended, history } = input;
  if (recommended > history.desired) return up(input);
  if (recommended < history.desired) return down(input);
  return { desired: recommended };
}

/** What the user set as a floor is done at once. */
function up(input: StepInput): StepDecision {
  const { spec, history, recommended, floor, nowMs } = input;
  const { scaleUp } = spec.behavior;
  const windowMs = windowOf(input, scaleUp);
  const hasWatched = nowMs - history.watchedSinceMs >= windowMs;
  const least = hasWatched ? Math.min(...within(history.runs, nowMs, windowMs)) : history.desired;
  const most = history.desired + room('up', input);
  const desired = Math.max(history.desired, Math.min(least, most), Math.min(recommended, floor.pods));
  if (desired >= recommended) return { desired };
  if (least <= most)
    return limited(
      desired,
      'Window',
      `More is needed, but not yet over ${windowMs / 1000} s (behavior.scaleUp)`,
    );
  const { maxPods, maxPercent, periodSeconds } = scaleUp;
  const pace = `at most ${maxPods} pods or ${maxPercent} % more in ${periodSeconds} s (behavior.scaleUp)`;
  return limited(desired, 'Velocity', `Rises to ${recommended} by and by: ${pace}`);
}

function down(input: StepInput): StepDecision {
  const { spec, history, nowMs } = input;
  const stay = forbidden(input);
  if (stay !== undefined) return { desired: history.desired, limit: stay };
  const { scaleDown } = spec.behavior;
  const most = Math.max(...within(history.runs, nowMs, windowOf(input, scaleDown)));
  const least = history.desired - room('down', input);
  const desired = Math.min(history.desired, Math.max(most, least));
  if (desired <= input.recommended) return { desired };
  if (most >= least)
    return limited(
      desired,
      'Window',
      `Fewer are needed, but ${most} were within ${scaleDown.stabilizationSeconds} s (behavior.scaleDown)`,
    );
  const { maxPods, maxPercent, periodSeconds } = scaleDown;
  const pace = `at most ${maxPods} pods or ${maxPercent} % fewer in ${periodSeconds} s (behavior.scaleDown)`;
  return limited(desired, 'Velocity', `Falls to ${input.recommended} by and by: ${pace}`);
}

/** Why nothing may go at all. */
function forbidden({ spec, history, floor, unknown, youngestMs, nowMs }: StepInput): Limit | undefined {
  if (unknown.length > 0)
    return limit(
      'MissingMetrics',
      `Nothing is scaled down while the sessions of ${named(unknown)} are unknown: see the pod's log, and whether the operator reaches its API port`,
    );
  if (floor.inhibitedBy !== undefined)
    return limit(
      'Schedule',
      `Nothing is scaled down while the schedule ${floor.inhibitedBy} lasts (scaleDown: Inhibit)`,
    );
  const { stabilizationSeconds } = spec.behavior.scaleDown;
  if (nowMs - history.watchedSinceMs < stabilizationSeconds * 1000)
    return limit(
      'Window',
      `Nothing is scaled down before a whole window of ${stabilizationSeconds} s was watched (behavior.scaleDown.stabilizationSeconds)`,
    );
  const { minPodAgeSeconds } = spec.behavior;
  if (youngestMs !== undefined && nowMs - youngestMs < minPodAgeSeconds * 1000)
    return limit(
      'MinPodAge',
      `Nothing is scaled down while a pod in DNS is younger than ${minPodAgeSeconds} s (behavior.minPodAgeSeconds)`,
    );
  return undefined;
}

/** A window of 0 is this very moment; n periods have n - 1 between them. */
function windowOf({ spec }: StepInput, step: Behavior['scaleUp']): number {
  const confirmedSeconds = (step.confirmPeriods - 1) * spec.metrics.periodSeconds;
  return Math.max(step.stabilizationSeconds, confirmedSeconds) * 1000;
}

/** How many pods may still come or go in this period. */
function room(direction: 'up' | 'down', { spec, history, nowMs }: StepInput): number {
  const { maxPods, maxPercent, periodSeconds } =
    direction === 'up' ? spec.behavior.scaleUp : spec.behavior.scaleDown;
  const sign = direction === 'up' ? 1 : -1;
  const moved = history.steps
    .filter(({ atMs }) => nowMs - atMs < periodSeconds * 1000)
    .reduce((sum, { from, to }) => sum + Math.max(0, (to - from) * sign), 0);
  const start = history.desired - moved * sign;
  return Math.max(0, Math.max(maxPods, Math.floor((start * maxPercent) / 100)) - moved);
}

function named(pods: readonly string[]): string {
  const [first, ...others] = pods;
  return others.length === 0 ? (first ?? '') : `${first ?? ''} and ${others.length} more`;
}

function limit(reason: Limit['reason'], message: string): Limit {
  return { reason, message };
}

function limited(desired: number, reason: Limit['reason'], message: string): StepDecision {
  return { desired, limit: limit(reason, message) };
}
