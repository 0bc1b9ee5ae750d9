/** Whether the servers relay to whom they should. */
import { answering, named, unheard, type TurnConditionInput, type TurnVerdict } from './input.ts';

const type = 'PeersSynced';

/** PeersSynced: every published server relays to what `peers.allow` names, and that is enough for its users. */
export function peersSynced(input: TurnConditionInput): TurnVerdict {
  return misnamed(input) ?? spread(input);
}

function misnamed({ server, peers, users }: TurnConditionInput): TurnVerdict | undefined {
  const [missing] = peers.missing;
  if (missing !== undefined)
    return {
      type,
      status: 'False',
      reason: 'RTCClusterMissing',
      message: `peers.allow names RTCCluster ${missing}, which is not in namespace ${server.metadata.namespace}: create it, or take it out`,
    };
  const [left] = users.filter((name) => !isAllowed(server, name));
  if (left !== undefined)
    return {
      type,
      status: 'False',
      reason: 'UserNotAllowed',
      message: `RTCCluster ${left} sends its clients here, but peers.allow does not name it, and nothing is relayed to its pods: add rtcClusters with matchNames [${left}]`,
    };
  const [refused] = peers.refused;
  if (refused === undefined) return undefined;
  const message = `${refused.peer} cannot be a peer: ${refused.reason}`;
  return { type, status: 'False', reason: 'PeerRefused', message };
}

/** Where not everything is denied, nobody need be named. */
function isAllowed({ spec: { peers } }: TurnConditionInput['server'], name: string): boolean {
  return (
    peers.default !== 'DenyAll' ||
    peers.allow.some(({ rtcClusters, cidr }) => cidr !== undefined || rtcClusters?.matchNames.includes(name))
  );
}

function spread({ decision, peers, peersDigest }: TurnConditionInput): TurnVerdict {
  const late = answering(decision.members).filter(({ turn }) => turn?.peersDigest !== peersDigest);
  if (late.length > 0) {
    const names = named(late.map(({ member }) => member));
    const message = `${names} has not read the peers as they are now, which takes some seconds`;
    return { type, status: 'Unknown', reason: 'PeersSpreading', message };
  }
  const unknown = unheard(decision.members);
  if (unknown !== undefined) return { type, ...unknown };
  const count = peers.lines.length;
  return { type, status: 'True', reason: 'PeersKnown', message: `${count} addresses and ranges are allowed` };
}
