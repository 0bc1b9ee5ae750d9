/** Needs, floors and bounds → how many pods would be right at this very moment, and what decided. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import type { Floor, FloorCause } from './floors.ts';
import type { Need, TargetName } from './needs.ts';
import type { Limit } from './limit.ts';

/** What can decide the number: a target, the largest call, or something said beforehand. */
export type Binding = TargetName | 'largestCallSessions' | FloorCause;

/** See the file comment. */
export interface Recommendation {
  readonly pods: number;
  readonly binding: Binding;
  /** What kept it from being more. */
  readonly limit?: Limit;
}

/** What is recommended from. */
export interface RecommendInput {
  readonly spec: RtcCluster['spec']['scaling'];
  /** The greatest first; empty only when no target is set. */
  readonly needs: readonly Need[];
  readonly largestCallPods: number;
  readonly floor: Floor;
  /** The number of pods wanted so far. */
  readonly current: number;
  /** Nodes that can carry a pod; undefined when nobody may tell. */
  readonly eligibleNodes: number | undefined;
}

/** See the file comment. */
export function recommend(input: RecommendInput): Recommendation {
  const wish = wished(input);
  const { spec, current, eligibleNodes } = input;
  if (wish.pods > spec.maxPods)
    return {
      ...wish,
      pods: spec.maxPods,
      limit: {
        reason: 'MaxPods',
        message: `${wish.pods} pods are needed: raise scaling.maxPods, now ${spec.maxPods}`,
      },
    };
  if (eligibleNodes === undefined) return wish;
  // Nodes bound growth alone: a node that goes takes its pod with it, and needs no scale-down beside that.
  const most = Math.max(eligibleNodes + spec.behavior.maxPendingPods, spec.minPods, current);
  if (wish.pods <= most) return wish;
  return {
    ...wish,
    pods: most,
    limit: {
      reason: 'EligibleNodes',
      message: `${wish.pods} pods are needed, and ${eligibleNodes} nodes can carry one: add nodes, or raise scaling.behavior.maxPendingPods for a node autoscaler`,
    },
  };
}

function wished({ spec, needs, largestCallPods, floor, current }: RecommendInput): Recommendation {
  const [need] = needs;
  const candidates: Recommendation[] = [
    { pods: floor.pods, binding: floor.cause },
    ...(need === undefined ? [] : [{ pods: wholePods(need.pods, current, spec), binding: need.target }]),
    { pods: largestCallPods, binding: 'largestCallSessions' },
  ];
  return candidates.reduce((best, one) => (one.pods > best.pods ? one : best));
}

/** Keeps 2.1 - 2 from being more than a tenth. */
const rounding = 1e-9;

/**
 * Up to whole pods. More than the `current` number only when the need is beyond it by more than the tolerance; fewer
 * only as many as would still do if the need grew by the tolerance.
 */
export function wholePods(need: number, current: number, spec: RecommendInput['spec']): number {
  const tolerated = 1 + spec.behavior.tolerancePercent / 100;
  if (need > current)
    return current > 0 && need <= current * tolerated + rounding ? current : Math.ceil(need - rounding);
  return Math.min(current, Math.ceil(need * tolerated - rounding));
}
