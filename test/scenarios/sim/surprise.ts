/** Pure: moments at which a call is allowed to be surprised. */
import type { PodTruth, Scene } from './scene.ts';

/** How old the answer of a pod may be that it is deleted on. */
const lastLookMs = 2_000;

/** Nobody else can take new calls: there is no other node, or the cluster is being deleted. Mattermost sends them on. */
export function isAlone({ cluster, openNodes }: Scene): boolean {
  return openNodes <= 1 || cluster?.metadata.deletionTimestamp !== undefined;
}

/** Its calls began after the last look at it, or while the write that rests on that look was under way. */
export function isJustBusy({ busySinceMs }: PodTruth, { nowMs, slowestWriteMs }: Scene): boolean {
  return busySinceMs !== undefined && nowMs - busySinceMs <= lastLookMs + slowestWriteMs;
}
