/** Pure: moments at which a call is allowed to be surprised. */
import type { PodTruth, Scene } from './scene.ts';

/** How long a write may be under way while the API server throttles, milliseconds. */
export const slowWriteMs = 30_000;
/** How old the answer of a pod may be that it is deleted on. */
const lastLookMs = 2_000;

/** Nobody else can take new calls: there is no other node, or the cluster is being deleted. Mattermost sends them on. */
export function isAlone({ cluster, openNodes }: Scene): boolean {
  return openNodes <= 1 || cluster?.metadata.deletionTimestamp !== undefined;
}

/** Its calls began after the last look at it. */
export function isJustBusy({ busySinceMs }: PodTruth, { nowMs }: Scene): boolean {
  return busySinceMs !== undefined && nowMs - busySinceMs <= lastLookMs + slowWriteMs;
}
