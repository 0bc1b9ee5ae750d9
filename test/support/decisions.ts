/** Decisions that tests of what follows from one start from. */
import { figuresOf } from '../../operator/desired/figures.ts';
import { statusOf, type StatusInput } from '../../operator/desired/status.ts';
import { decideFleet, type FleetDecision } from '../../operator/fleet/decide.ts';
import { nowMs } from './pods.ts';
import { aCluster } from './rtcclusters.ts';

/** A cluster without pods that wants none; `change` is merged. */
export function aDecision(change: Partial<FleetDecision> = {}): FleetDecision {
  const none = decideFleet({ cluster: aCluster({ replicas: 0 }), pods: [], revision: 'current', nowMs });
  return { ...none, ...change };
}

/** The status of a decision at `nowMs`, with its numbers as they are. */
export function aStatus(input: Omit<StatusInput, 'figures'>): ReturnType<typeof statusOf> {
  const figures = figuresOf(input.decision, input.cluster.status, { nowMs, periodMs: 0 });
  return statusOf({ ...input, figures }, `${new Date(nowMs).toISOString().slice(0, 19)}Z`);
}
