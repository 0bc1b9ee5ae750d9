/** What a cluster of stock rtcds must do without. */
import type { ConditionInput, Verdict } from './verdict.ts';

/** Each in a few words, the one that surprises most first. */
const lacking: readonly string[] = [
  'a drain is a withdrawal from DNS alone: new calls may come until everybody has noticed',
  'its sessions are all that it tells: scaling.target.sessionsPerPod counts them, loadPercent prices each at the same 3 millicores, cpuPercent, egressMbitPerPod and drain.idleCallSeconds have no effect',
  'no probe call is placed before a pod is published',
  'one address is told to clients, without a port of its own',
  'a renewed certificate is served by new pods only',
];

/** EngineLimited: abnormal when True; left out for our own SFU, which lacks nothing. */
export function engineLimited({ cluster }: ConditionInput): Verdict[] {
  if (cluster.spec.engine.type === 'Mediasoup') return [];
  return [
    {
      type: 'EngineLimited',
      status: 'True',
      reason: 'StockRtcd',
      message: `engine.type is Rtcd: ${lacking.join('; ')}. engine.type Mediasoup has all of it`,
    },
  ];
}
