/** How many people the pods in DNS can take: for people to read, decisions are made in pods. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import type { Need } from './needs.ts';
import type { Usage } from './usage.ts';
import { priceOfSessions } from './price.ts';

/** So many usual sessions are added to those that there are: the first few do not tell what the next will cost. */
const usualSessions = 20;

/** By the target that is nearest to its limit; whole people. */
export function capacitySessions(
  { sessions, coresPerPod }: Usage,
  context: {
    readonly needs: readonly Need[];
    readonly target: RtcCluster['spec']['scaling']['target'];
    readonly published: number;
  },
): number {
  const { needs, target, published } = context;
  const usualPods = priceOfSessions(usualSessions) / (coresPerPod * 1000);
  const perPod = needs.map(({ target: name, used }) =>
    name === 'sessionsPerPod'
      ? (target.sessionsPerPod ?? 0)
      : (sessions + usualSessions) / (used + usualPods),
  );
  return perPod.length === 0 ? 0 : Math.floor(published * Math.min(...perPod));
}
