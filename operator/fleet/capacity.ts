/** How many pods the present load needs: what is asked before one of them is drained on our own accord. */
import type { PodView } from './pod.ts';

/** A worker refuses new calls at this share of its core, so no more is planned for. */
const usableShare = 0.8;
/** Keeps 3 pods of load 0.8 from needing a fourth by rounding. */
const tolerance = 1e-9;

/**
 * At least 1. A call stays where it is until it ends; its people come back to whoever is in DNS then. So draining
 * pods count, and those that do not answer count as full.
 */
export function neededPods(pods: readonly PodView[]): number {
  const load = pods.map(loadOf).reduce((sum, one) => sum + one, 0);
  return Math.max(1, Math.ceil(load / usableShare - tolerance));
}

/** Nobody was ever sent to a pod that was never published. */
function loadOf({ facts, marks }: PodView): number {
  if (facts?.answered === true) return Math.min(facts.load, usableShare);
  return marks.publishedSinceMs === undefined ? 0 : usableShare;
}
