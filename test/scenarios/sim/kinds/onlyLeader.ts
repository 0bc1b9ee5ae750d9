/** I14: one replica acts, the one that the Lease names. I15: of a cluster that is paused only the status is written. Pure. */
import { annotations } from '../../../../operator/desired/names.ts';
import type { Invariant } from '../step.ts';

/** Fenced writes arrive before anybody else may lead. Whose write it was is not always known. */
export const onlyLeaderWrites: Invariant = ({ write: { by, verb, resource, key }, before: { leader } }) => {
  if (by === undefined || leader === undefined || leader.startsWith(`${by}_`)) return undefined;
  return `${by} wrote although "${leader}" leads: ${verb} ${resource.plural} ${key}`;
};

/** Objects that belong to no cluster are not concerned; the end of a namespace is another matter, and is not played. */
export const pausedIsLeftAlone: Invariant = ({
  write,
  before: { cluster, pausedSinceMs, nowMs, seenWithinMs },
}) => {
  const value = cluster?.metadata.annotations[annotations.paused];
  if (value === undefined || value === 'false' || write.subresource === 'status') return undefined;
  if (pausedSinceMs === undefined || nowMs - pausedSinceMs < seenWithinMs) return undefined;
  return `although it is paused: ${write.verb} ${write.resource.plural} ${write.key}`;
};
