/** I17: at rest no more pods take calls than were asked for, whoever asks, but for those that say what holds them. Pure. */
import { labels } from '../../../../operator/desired/names.ts';
import type { Settled } from '../settled.ts';

/** An update that stands still keeps the pods that it has added, and the load may need more than `maxPods`. */
export function noneIsTooMany({ cluster, pods, inDns }: Settled): string | undefined {
  if (cluster === undefined || cluster.metadata.deletionTimestamp !== undefined) return undefined;
  if (new Set(pods.map(({ metadata }) => metadata.labels?.[labels.revision])).size > 1) return undefined;
  const { scaling, replicas = 0 } = cluster.spec;
  const most = scaling.mode === 'Auto' ? scaling.maxPods : replicas;
  const held = (cluster.status.members ?? []).filter(({ reason }) => reason === 'HeldForCapacity').length;
  return inDns - held <= most ? undefined : `${inDns} pods are in DNS, and ${most} were asked for`;
}
