/** What the conditions of a TurnServer are made from. */
import type { RtcCluster } from '../../../api/rtccluster.ts';
import type { TurnServer } from '../../../api/turnserver.ts';
import type { FleetDecision } from '../../../fleet/decide.ts';
import type { Member } from '../../../fleet/members.ts';
import type { NodeSupply } from '../../../fleet/nodes/eligible.ts';
import type { Reason } from '../../../fleet/pod.ts';
import type { TurnFacts } from '../../../turn/facts.ts';
import type { Peers } from '../../../turn/peers.ts';
import type { Rotation } from '../../../turn/rotation/state.ts';
import { namedPods, type Verdict } from '../../conditions/verdict.ts';
import type { TurnConditionType } from '../../conditions/help/turn.ts';
import type { ServedCertificate } from '../../servedCertificate.ts';

/** See the file comment. */
export interface TurnConditionInput {
  readonly server: TurnServer;
  /** As the fleet sees it. */
  readonly cluster: RtcCluster;
  readonly decision: FleetDecision;
  /** Which nodes can carry a pod; absent when nobody may tell us. */
  readonly nodes?: NodeSupply;
  /** What the API server refused to do for us this time, in its own words. */
  readonly refusal?: Reason;
  readonly rotation: Rotation;
  readonly peers: Peers;
  readonly peersDigest: string;
  /** RTCClusters whose Mattermosts are sent here. */
  readonly users: readonly string[];
  /** Addresses of the published pods, or of the load balancer: whatever clients are given, they lead there. */
  readonly hosts: readonly string[];
  /** Absent without TLS. */
  readonly certificate?: ServedCertificate;
}

/** A condition before it is known since when. */
export type TurnVerdict = Verdict<TurnConditionType>;

/** A pod that answered, with what its agent said. */
export interface Answered {
  readonly member: Member;
  readonly version: string;
  readonly turn: TurnFacts | undefined;
}

/** The pods that clients are sent to and that answered. */
export function answering(members: readonly Member[]): readonly Answered[] {
  return members.flatMap((member) => {
    const { facts } = member.pod;
    if (!member.isPublished || facts?.answered !== true) return [];
    return [{ member, version: facts.version, turn: facts.turn }];
  });
}

/**
 * What is to be said when no pod that answers says otherwise: not every published pod answers, or none is published.
 * Undefined: all that clients are sent to have spoken, and what they said holds for all.
 */
export function unheard(members: readonly Member[]): Omit<TurnVerdict, 'type'> | undefined {
  const published = members.filter(({ isPublished }) => isPublished);
  const silent = published.filter(({ pod }) => pod.facts?.answered !== true);
  if (silent.length > 0) {
    const message = `No answer from ${named(silent)}, so that nobody knows: see AllocationsObservable`;
    return { status: 'Unknown', reason: 'PodsSilent', message };
  }
  if (published.length > 0) return undefined;
  return { status: 'Unknown', reason: 'NoPodYet', message: 'No TURN server is published yet' };
}

/** The first few names, and how many more there are. */
export function named(members: readonly Member[]): string {
  const names = members.slice(0, namedPods).map(({ pod }) => pod.name);
  const rest = members.length - names.length;
  return names.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
