/** Whether the number of pods follows the demand, what is in its way, and whether the pods suffice. */
import type { ConditionInput, Verdict } from './verdict.ts';

type ScalingInput = Pick<ConditionInput, 'cluster' | 'decision'>;

/** All three. */
export function scalingConditions(input: ScalingInput): Verdict[] {
  return [scalingActive(input), scalingLimited(input), capacitySufficient(input)];
}

/** ScalingActive: the number of pods follows the demand by itself. */
function scalingActive({ cluster, decision: { scale } }: ScalingInput): Verdict {
  const type = 'ScalingActive';
  const { mode, dryRun } = cluster.spec.scaling;
  const off = (reason: string, message: string): Verdict => ({ type, status: 'False', reason, message });
  if (mode === 'Manual')
    return off('Manual', 'spec.replicas decides: set scaling.mode: Auto to follow the demand');
  if (mode === 'External')
    return { type, status: 'True', reason: 'External', message: 'Whoever writes spec.replicas decides' };
  if (scale.problems.length > 0) return off('InvalidSchedule', scale.problems.join('; '));
  if (scale.unknown.length > 0)
    return off(
      'MissingMetrics',
      scale.limit?.reason === 'MissingMetrics' ? scale.limit.message : unknown(scale.unknown),
    );
  if (dryRun) return off('DryRun', 'Decisions are shown and not acted upon: set scaling.dryRun: false');
  return { type, status: 'True', reason: 'FollowsDemand', message: 'The number of pods follows the demand' };
}

function unknown(pods: readonly string[]): string {
  return `The sessions of ${pods.slice(0, 3).join(', ')} are unknown: see the pod's log, and whether the operator reaches its API port`;
}

/** Limits that somebody can lift; the others pass by themselves. */
const lasting: readonly string[] = ['MaxPods', 'EligibleNodes', 'MissingMetrics'];

/** ScalingLimited, abnormal when True: something keeps the number of pods from what is needed. */
function scalingLimited({ decision: { scale } }: ScalingInput): Verdict {
  const type = 'ScalingLimited';
  const { limit } = scale;
  if (limit !== undefined && lasting.includes(limit.reason)) return { type, status: 'True', ...limit };
  return {
    type,
    status: 'False',
    reason: 'NotLimited',
    message: 'Nothing that has to be changed limits the number of pods',
  };
}

/** CapacitySufficient: the pods in DNS carry the demand and the headroom, whoever decides their number. */
function capacitySufficient({ cluster, decision }: ScalingInput): Verdict {
  const type = 'CapacitySufficient';
  const { members, scale, wanted } = decision;
  const published = members.filter(({ isPublished }) => isPublished).length;
  const { needed } = scale;
  if (cluster.metadata.deletionTimestamp !== undefined || published >= needed)
    return {
      type,
      status: 'True',
      reason: 'FitsDemand',
      message: 'The pods in DNS carry the demand and the headroom',
    };
  const message = `Demand and headroom need ${needed} pods, ${published} are in DNS`;
  if (needed <= wanted)
    return {
      type,
      status: 'False',
      reason: 'PodsComing',
      message: `${message} and ${wanted} wanted: see EndpointsPublished`,
    };
  const fix = scale.limit?.message ?? remedy(cluster.spec.scaling.mode);
  return {
    type,
    status: 'False',
    reason: scale.limit?.reason ?? 'TooFewPods',
    message: `${message}: ${fix}`,
  };
}

function remedy(mode: string): string {
  return mode === 'Auto' ? 'more are about to be wanted' : 'raise spec.replicas, or set scaling.mode: Auto';
}
