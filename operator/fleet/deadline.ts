/** Until when a drained pod may keep its calls. */
import type { RtcCluster } from '../api/rtccluster.ts';
import type { DrainMark, DrainReason } from './pod.ts';

type DrainSpec = Pick<RtcCluster['spec']['drain'], 'policy' | 'timeoutSeconds' | 'overrides'>;
type Rule = Pick<DrainSpec, 'policy'> & { readonly timeoutSeconds?: number | undefined };

/** For reasons that will not wait: GKE gives a drained node one hour, clouds give a spot node two minutes. */
const builtIn: Partial<Record<DrainReason, Rule>> = {
  NodeDrain: { policy: 'ForceAfter', timeoutSeconds: 3_300 },
  SpotInterruption: { policy: 'ForceAfter', timeoutSeconds: 90 },
  Deletion: { policy: 'ForceAfter', timeoutSeconds: 7_200 },
};

/** Milliseconds from the moment a reason applies to its deadline; undefined: it waits for as long as it takes. */
export function timeoutMs(spec: DrainSpec, reason: DrainReason): number | undefined {
  const override = spec.overrides.find((one) => one.reason === reason);
  const rule: Rule = override ?? builtIn[reason] ?? spec;
  return rule.policy === 'Wait' ? undefined : (rule.timeoutSeconds ?? spec.timeoutSeconds) * 1000;
}

/** The longest that any reason lets a pod go on, in seconds: what Kubernetes is to grant a pod that others delete. */
export function longestSeconds(spec: DrainSpec): number {
  const overridden = Object.fromEntries(spec.overrides.map((one) => [one.reason, one]));
  const rules: readonly Rule[] = Object.values({ ...builtIn, ...overridden });
  return Math.max(spec.timeoutSeconds, ...rules.map(({ timeoutSeconds }) => timeoutSeconds ?? 0));
}

/**
 * The mark of a drain with these reasons: the one with the earliest deadline. A deadline stays as it was written on
 * the pod, by us or by a person, for as long as its reason does: editing the spec moves none of those that run.
 */
export function markFor(
  reasons: readonly [DrainReason, ...DrainReason[]],
  {
    before,
    spec,
    nowMs,
  }: { readonly before: DrainMark | undefined; readonly spec: DrainSpec; readonly nowMs: number },
): DrainMark {
  const startedMs = before?.startedMs ?? nowMs;
  const marks = reasons.map((reason): DrainMark => {
    if (before?.reason === reason && !Number.isNaN(before.deadlineMs)) return before;
    const afterMs = timeoutMs(spec, reason);
    return { reason, startedMs, ...(afterMs !== undefined && { deadlineMs: nowMs + afterMs }) };
  });
  return marks.reduce((first, mark) => (deadlineOf(mark) < deadlineOf(first) ? mark : first));
}

function deadlineOf({ deadlineMs }: DrainMark): number {
  return deadlineMs ?? Number.POSITIVE_INFINITY;
}
