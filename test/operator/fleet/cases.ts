/** Decisions about a fleet, as its tests begin and read them. */
import { decideFleet, type FleetDecision } from '../../../operator/fleet/decide.ts';
import type { PodMarks, PodView } from '../../../operator/fleet/pod.ts';
import { aPod, before, nowMs } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

/** Decides for a cluster of `replicas` pods, with everything else at its default. */
export function decide(
  replicas: number,
  pods: readonly PodView[],
  change: { spec?: object; deleted?: boolean } = {},
): FleetDecision {
  const metadata = change.deleted === true ? { deletionTimestamp: '2026-11-23T11:00:00Z' } : {};
  const cluster = aCluster({ replicas, ...change.spec }, metadata);
  return decideFleet({ cluster, pods, revision: 'current', nowMs });
}

/** `name: state reason` of each member. */
export const states = ({ members }: FleetDecision): string[] =>
  members.map(({ pod, state, reason }) => [`${pod.name}: ${state}`, reason].filter(Boolean).join(' '));
/** `name: reason` of each pod that is to go. */
export const deleted = ({ deletions }: FleetDecision): string[] =>
  deletions.map(({ pod, reason }) => `${pod.name}: ${reason}`);
/** Names of those in DNS. */
export const published = ({ members }: FleetDecision): string[] =>
  members.filter(({ isPublished }) => isPublished).map(({ pod }) => pod.name);

/** A pod that drains since so long. */
export const draining = (
  name: string,
  agoMs: number,
  change: Partial<Omit<PodView, 'marks'>> = {},
): PodView => aPod({ name, marks: drained(agoMs), ...change });
const drained = (agoMs: number): Partial<PodMarks> => ({
  isPublished: false,
  drain: { reason: 'ScaleDown', startedMs: before(agoMs) },
});
/** The problem of a pod whose container ends by itself. */
export const crashed = {
  reason: 'ContainerCrashed',
  message: 'Container sfu ended with exit code 1: port in use',
};
