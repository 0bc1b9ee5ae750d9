/** PURE: what the conditions of a TurnServer say. */
import type { Condition } from '../../api/shared.ts';
import type { TurnServer } from '../../api/turnserver.ts';
import type { TurnTold } from './status.ts';

/** A condition before it is known since when. */
export type TurnVerdict = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

/** In the order of status; Ready first. */
export function turnVerdicts(server: TurnServer, told: TurnTold): TurnVerdict[] {
  const parts = [available(told), secretsSynced(told), peersSynced(told)];
  return [ready(server, told, parts), ...parts];
}

function ready({ metadata }: TurnServer, { refusal }: TurnTold, parts: readonly TurnVerdict[]): TurnVerdict {
  const type = 'Ready';
  if (refusal !== undefined) return { type, status: 'False', ...refusal };
  if (metadata.deletionTimestamp !== undefined)
    return { type, status: 'False', reason: 'Deleting', message: 'Goes when its last allocation has ended' };
  const wrong = parts.find(({ status }) => status === 'False');
  if (wrong !== undefined) return { ...wrong, type };
  return { type, status: 'True', reason: 'AllPublished', message: 'Every TURN server takes allocations' };
}

function available({ decision }: TurnTold): TurnVerdict {
  const { members, wanted } = decision.pods;
  const published = members.filter(({ isPublished }) => isPublished).length;
  const [first] = members.filter(({ isPublished, state }) => !isPublished && state !== 'Draining');
  const message = `${published} of ${wanted} TURN servers are published`;
  if (published >= wanted) return { type: 'Available', status: 'True', reason: 'AllPublished', message };
  const why = first === undefined ? '' : `: ${first.pod.name}: ${first.message ?? first.state}`;
  return { type: 'Available', status: 'False', reason: first?.reason ?? 'Creating', message: message + why };
}

function secretsSynced({ decision: { rotation } }: TurnTold): TurnVerdict {
  const { reason, message } = rotation.reason;
  return { type: 'SecretsSynced', status: rotation.stage === 'Stable' ? 'True' : 'Unknown', reason, message };
}

function peersSynced({ decision: { peers, peersDigest, pods } }: TurnTold): TurnVerdict {
  const type = 'PeersSynced';
  const [missing] = peers.missing;
  if (missing !== undefined)
    return {
      ...{ type, status: 'False', reason: 'RTCClusterMissing' },
      message: `There is no RTCCluster ${missing} in this namespace: create it, or take it out of peers.allow`,
    };
  const [refused] = peers.refused;
  if (refused !== undefined)
    return { type, status: 'False', reason: 'PeerRefused', message: `${refused.peer}: ${refused.reason}` };
  const late = pods.members.filter(
    ({ pod, isPublished }) =>
      isPublished && pod.facts?.answered === true && pod.facts.turn?.peersDigest !== peersDigest,
  );
  if (late.length === 0)
    return { type, status: 'True', reason: 'AllKnow', message: `${peers.lines.length} peers are allowed` };
  const names = late.map(({ pod }) => pod.name).join(', ');
  return { type, status: 'Unknown', reason: 'Spreading', message: `${names} has not read the peers yet` };
}
