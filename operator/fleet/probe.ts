/** What follows for DNS from what probe calls found out about a pod. */
import type { RtcCluster } from '../api/rtccluster.ts';
import type { PodView, Reason } from './pod.ts';
import type { ProbeFacts, ProbeResult } from './probeFacts.ts';

/** See `spec.network.address.verify`. */
export type Verify = RtcCluster['spec']['network']['address']['verify'];

/** Failures in a row that take a pod out of DNS: one alone may be a busy second of the one who called. */
export const failuresToLeave = 2;

/** Why a pod may not be in DNS; undefined when its probes allow it, or nobody can probe it. */
export function probeProblem(pod: PodView, verify: Verify): Reason | undefined {
  const probe = pod.facts?.answered === true ? pod.facts.probe : undefined;
  if (probe === undefined || pod.engine === 'Rtcd') return undefined;
  return (
    problemIn(probe.media, pod, mediaFailed) ??
    (verify === 'Gate' ? problemIn(probe.reach, pod, reachFailed) : undefined)
  );
}

/** Whether its first probe call by this operator is still to come. */
export function isUnprobed({ facts }: PodView): boolean {
  const probe = facts?.answered === true ? facts.probe : undefined;
  return probe !== undefined && probe.media === undefined;
}

const notYet: Reason = { reason: 'NotProbed', message: 'Its first probe call is not over yet' };

/** A pod that is in DNS stays until it has failed again; another waits until it has passed. */
function problemIn(
  result: ProbeResult | undefined,
  { marks: { isPublished } }: PodView,
  problem: (result: ProbeResult) => Reason,
): Reason | undefined {
  if (result === undefined) return isPublished ? undefined : notYet;
  return result.failures >= (isPublished ? failuresToLeave : 1) ? problem(result) : undefined;
}

/** What a failed probe call is called. */
export function probeFailure(kind: keyof ProbeFacts, result: Failed): Reason {
  return kind === 'media' ? mediaFailed(result) : reachFailed(result);
}

type Failed = Pick<ProbeResult, 'message' | 'fromNode'>;

function mediaFailed({ message }: Failed): Reason {
  return {
    reason: 'ProbeFailed',
    message: `Its probe call to itself failed: ${message}. Calls would fail too: see the log of the pod, and whether another program or a firewall on the node holds the port`,
  };
}

function reachFailed(result: Failed): Reason {
  return {
    reason: 'AddressNotReachable',
    message: `${unreached(result)}. Open these ports, correct network.address.sources, or set network.address.verify: Advisory`,
  };
}

/** Who did not get through to what. */
export function unreached({ message, fromNode }: Failed): string {
  const caller = fromNode === undefined ? 'The pod itself' : `An SFU on node ${fromNode}`;
  return `${caller} does not get through: ${message}`;
}

/** Whether a failed probe is one of the pod. Only with `verify: Gate` is an address that nobody inside reaches: clients may reach it. */
export function isFailure(question: 'media' | 'reach', verify: Verify): boolean {
  return question === 'media' || verify === 'Gate';
}
