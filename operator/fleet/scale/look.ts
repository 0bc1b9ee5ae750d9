/** (Pods, spec, history, now) → what is known of the demand at this moment, and what is remembered of it. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import { isNodeLost } from '../members.ts';
import type { PodView } from '../pod.ts';
import { growthPerSecond, leadTimeMs, sampled } from './growth.ts';
import { newHistory, resumed, weightOf, type ScaleHistory } from './history.ts';
import { needsOf, type Need, type NeedContext } from './needs.ts';
import { learnt } from './price.ts';
import { usageOf, type Usage } from './usage.ts';

/** What is decided from. */
export interface ScaleInput {
  readonly cluster: RtcCluster;
  readonly pods: readonly PodView[];
  readonly nowMs: number;
  /** How many nodes can carry a pod; undefined when nobody may tell. */
  readonly eligibleNodes: number | undefined;
  /** Of the last decision of this leader; undefined at its first. */
  readonly history: ScaleHistory | undefined;
}

/** All that is known at this moment. */
export interface View {
  readonly usage: Usage;
  readonly history: ScaleHistory;
  readonly context: NeedContext;
  readonly needs: readonly Need[];
  readonly leadMs: number;
  readonly published: readonly PodView[];
}

/** See the file comment. */
export function look({ cluster, pods, nowMs, ...before }: ScaleInput): View {
  const spec = cluster.spec.scaling;
  const usage = usageOf(pods, {
    nowMs,
    ...{ staleMs: spec.metrics.staleAfterSeconds * 1000, onMissing: spec.metrics.onMissing },
    cores: cluster.spec.engine.workers,
  });
  const past = resumed(before.history ?? newHistory(nowMs, firstNumber(cluster, pods)), nowMs);
  const history = remembered(past, usage, nowMs);
  const leadMs = leadTimeMs(pods);
  const grown = (growthPerSecond(history.samples) * leadMs) / 1000;
  const context: NeedContext = {
    spec,
    loadPods: usage.listPods * history.prices.ratio,
    smooth: history.smooth,
    growth: spec.headroom.leadTime === 'Off' ? 0 : Math.min(usage.sessions, grown),
  };
  const published = pods.filter(isServing);
  return { usage, history, context, needs: needsOf(usage, context), leadMs, published };
}

function isServing({ marks, isReady, isTerminating }: PodView): boolean {
  return marks.isPublished && marks.drain === undefined && isReady && !isTerminating;
}

/**
 * A new leader goes on with what the old one wanted, as far as pods or status tell: nobody may lose a pod by its start.
 * In a dry run pods come for other reasons alone, such as one in whose stead another is about to leave.
 */
function firstNumber({ status: { desiredPods }, spec }: RtcCluster, pods: readonly PodView[]): number {
  if (spec.scaling.dryRun && desiredPods !== undefined) return desiredPods;
  return Math.max(pods.filter(isWanted).length, desiredPods ?? 0);
}

/** One that a rollout has added is there for another, and goes with that. */
function isWanted(pod: PodView): boolean {
  const { drain, isSurge } = pod.marks;
  return !pod.isDead && !pod.isTerminating && !isNodeLost(pod) && drain === undefined && isSurge !== true;
}

function remembered(past: ScaleHistory, usage: Usage, nowMs: number): ScaleHistory {
  const weight = weightOf(past, nowMs);
  const mean = (before: number, now: number): number => before + (now - before) * weight;
  return {
    ...past,
    smooth: {
      cpuPods: mean(past.smooth.cpuPods, usage.cpuPods),
      egressMbit: mean(past.smooth.egressMbit, usage.egressMbit),
    },
    prices: learnt(past.prices, usage.spending, nowMs - past.lastMs),
    samples: sampled(past.samples, { atMs: nowMs, sessions: usage.sessions }),
    lastMs: nowMs,
  };
}
