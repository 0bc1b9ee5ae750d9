/** I17: at rest no more pods take calls than were asked for, whoever asks. Pure. */
import { labels } from '../../../../operator/desired/names.ts';
import type { Settled } from '../settled.ts';

/** An update that stands still keeps the pods that it has added. */
export function noneIsTooMany({ cluster, pods, inDns }: Settled): string | undefined {
  if (cluster === undefined || cluster.metadata.deletionTimestamp !== undefined) return undefined;
  if (new Set(pods.map(({ metadata }) => metadata.labels?.[labels.revision])).size > 1) return undefined;
  const { scaling, replicas = 0 } = cluster.spec;
  const most = scaling.mode === 'Auto' ? scaling.maxPods : replicas;
  return inDns <= most ? undefined : `${inDns} pods are in DNS, and ${most} were asked for`;
}
