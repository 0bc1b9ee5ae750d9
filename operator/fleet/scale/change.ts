/** A change of the number of pods, and why it was made: kept in status, told as event, counted by reason. */
import type { Reason } from '../pod.ts';
import type { Floor } from './floors.ts';
import type { Need } from './needs.ts';
import type { Recommendation } from './recommend.ts';

/** What a decision was made from, in whole numbers; percentages and pods are of the cluster as a whole: two pods at 50 % are 100. */
export interface ScaleInputs {
  readonly sessions: number;
  readonly headroomSessions: number;
  readonly growthPerMinute: number;
  readonly leadSeconds: number;
  readonly loadPercent: number;
  readonly cpuPercent: number;
  readonly egressMbit: number;
  readonly pods: number;
  readonly publishedPods: number;
  readonly unknownPods: number;
  readonly eligibleNodes?: number;
}

/** See the file comment. */
export interface Change extends Reason {
  readonly from: number;
  readonly to: number;
  readonly timeMs: number;
  readonly inputs: ScaleInputs;
  readonly isDryRun: boolean;
}

/** What a change is told from. */
export interface ChangeInput {
  readonly from: number;
  readonly to: number;
  readonly wish: Recommendation;
  readonly needs: readonly Need[];
  readonly floor: Floor;
  readonly maxPods: number;
  readonly inputs: ScaleInputs;
  readonly nowMs: number;
  readonly isDryRun: boolean;
  /** What a dry run has told already. */
  readonly wouldBe: number | undefined;
}

/** Undefined when nothing changes; a dry run tells each number once. */
export function changeOf(input: ChangeInput): Change | undefined {
  const { from, to, inputs, nowMs, isDryRun, wouldBe } = input;
  if (to === from || (isDryRun && to === wouldBe)) return undefined;
  return { ...why(input), from, to, timeMs: nowMs, inputs, isDryRun };
}

function why({ from, to, wish, needs, floor, maxPods }: ChangeInput): Reason {
  const [need] = needs;
  const demand =
    need === undefined
      ? 'nothing is asked for'
      : `target.${need.target} needs ${need.pods.toFixed(1)} pods, ${need.used.toFixed(1)} of them without headroom`;
  if (from > maxPods) return { reason: 'AboveMaxPods', message: `scaling.maxPods is ${maxPods}` };
  if (to < from) return { reason: 'BelowTarget', message: demand };
  const plan = floor.plan === undefined ? '' : ` ${floor.plan}`;
  const said: Readonly<Record<string, Reason>> = {
    minPods: { reason: 'BelowMinPods', message: `scaling.minPods is ${floor.pods}` },
    schedule: { reason: 'Schedule', message: `the schedule${plan} asks for ${floor.pods} pods` },
    reservation: { reason: 'Reservation', message: `the reservation${plan} asks for ${floor.pods} pods` },
    largestCallSessions: {
      reason: 'LargestCall',
      message: 'no pod in DNS has room for a call of headroom.largestCallSessions',
    },
  };
  return said[wish.binding] ?? { reason: 'AboveTarget', message: demand };
}
