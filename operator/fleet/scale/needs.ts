/** Demand and headroom → how many pods each target asks for. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import type { Usage } from './usage.ts';

type ScalingSpec = RtcCluster['spec']['scaling'];

/** The names of the targets, as in `spec.scaling.target`. */
export type TargetName = keyof ScalingSpec['target'];

/** What one target asks for, in pods, not rounded. */
export interface Need {
  readonly target: TargetName;
  /** For the present demand alone. */
  readonly used: number;
  /** Headroom included. */
  readonly pods: number;
}

/** What is known beside the use itself. */
export interface NeedContext {
  readonly spec: ScalingSpec;
  /** What the sessions cost by the learnt prices, in pods with all their cores. */
  readonly loadPods: number;
  /** CPU in such pods, and Mbit per second sent, each over half a minute. */
  readonly smooth: { readonly cpuPods: number; readonly egressMbit: number };
  /** People who will have come by the time a new pod is in DNS. */
  readonly growth: number;
}

/** The one that people know best first: it is named when several ask for the same. */
const targetNames = ['sessionsPerPod', 'loadPercent', 'cpuPercent', 'egressMbitPerPod'] as const;

/** One for each target that is set, the greatest first. */
export function needsOf(usage: Usage, context: NeedContext): Need[] {
  const { target } = context.spec;
  const demand: Readonly<Record<TargetName, number>> = {
    sessionsPerPod: usage.sessions,
    loadPercent: context.loadPods * 100,
    cpuPercent: context.smooth.cpuPods * 100,
    egressMbitPerPod: context.smooth.egressMbit,
  };
  return targetNames
    .flatMap((name): Need[] => {
      const perPod = target[name];
      if (perPod === undefined) return [];
      const used = demand[name] / perPod;
      const free =
        name === 'sessionsPerPod' ? headroomSessions(usage, context) / perPod : used * share(usage, context);
      return [{ target: name, used, pods: used + free + usage.assumedFull }];
    })
    .toSorted((a, b) => b.pods - a.pods);
}

/** Room for this many people more than there are. */
export function headroomSessions({ sessions }: Usage, { spec, growth }: NeedContext): number {
  return Math.max(spec.headroom.sessions, (sessions * spec.headroom.percent) / 100, growth);
}

/** The same for what cannot be said in people: as a share of the demand. */
function share({ sessions }: Usage, { spec, growth }: NeedContext): number {
  return Math.max(spec.headroom.percent / 100, sessions === 0 ? 0 : growth / sessions);
}
