/** Pure: what the host page shows, from what Kubernetes, the pods and the played plugin know. Plain data, sent to browsers as it is. */
import type { MemberStatus } from '../../../operator/api/rtccluster.ts';
import { asks, isWritten, refusalOf } from '../../../operator/cli/views/request.ts';
import { annotations } from '../../../operator/desired/names.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import type { Call } from '../server/callBook.ts';
import type { Host } from '../server/hostSet.ts';
import type { Person } from '../server/pageMessages.ts';

/** What an SFU pod tells of itself. */
export interface PodFacts {
  readonly sessions: number;
  /** A share, 0 to 1. */
  readonly load: number;
}

/** A call on a pod. */
export interface CallRow {
  readonly channel: string;
  readonly people: readonly Person[];
}

/** What a person may do to a pod now; the other way round it says why not. */
export type Offer =
  | { readonly act: 'drain' | 'undrain'; readonly reason: string }
  | { readonly act: 'nothing'; readonly reason: string };

/** One pod, or one host of which nobody knows the pod. */
export interface PodRow {
  /** The pod, else the address: stays the same as long as the row is there. */
  readonly name: string;
  readonly node: string | null;
  readonly address: string | null;
  /** As in `status.members`; `Unknown` where Kubernetes is not watched. */
  readonly state: string;
  readonly reason: string | null;
  readonly message: string | null;
  /** RFC 3339: when it entered the state; until when it may be drained at most. */
  readonly since: string | null;
  readonly drain: string | null;
  readonly deadline: string | null;
  /** Null: it does not tell, or nobody asked. */
  readonly facts: PodFacts | null;
  /** Why there are no facts. */
  readonly silence: string | null;
  /** Whether the plugin gives it new calls. Null: it does not know this host. */
  readonly takesNewCalls: boolean | null;
  readonly calls: readonly CallRow[];
  readonly offer: Offer;
}

/** An event of the cluster. */
export interface EventRow {
  readonly id: string;
  /** RFC 3339. */
  readonly at: string;
  readonly isWarning: boolean;
  readonly reason: string;
  readonly note: string;
}

/** All of it. */
export interface HostPicture {
  /** Why pods have no states and no buttons; null when Kubernetes is watched. */
  readonly unwatched: string | null;
  readonly pods: readonly PodRow[];
  /** Newest first. */
  readonly events: readonly EventRow[];
}

/** What it is made from. `cluster` undefined: not there, or not watched. */
export interface Seen {
  readonly unwatched: string | null;
  readonly cluster: KubeObject | undefined;
  readonly pods: readonly KubeObject[];
  readonly events: readonly KubeObject[];
  /** By address of the pod's API. */
  readonly facts: ReadonlyMap<string, PodFacts>;
  readonly hosts: readonly Host[];
  readonly calls: readonly Call[];
}

const keptEvents = 40;

/** Draws the picture. */
export function drawPicture(seen: Seen): HostPicture {
  const known = seen.pods.map((pod) => podRow(seen, pod));
  const strangers = seen.hosts
    .filter(({ address }) => !seen.pods.some((pod) => apiAddressOf(pod) === address))
    .map((host) => hostRow(seen, host));
  const pods = [...known, ...strangers].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  return { unwatched: seen.unwatched, pods, events: eventRows(seen.events) };
}

/** Where a pod's API listens: on its node's address, as the pods are on the host network. */
export function apiAddressOf(pod: KubeObject): string | undefined {
  return (pod['status'] as { readonly podIP?: string } | undefined)?.podIP;
}

/** Whether its API is served with a certificate. */
export function speaksTls(pod: KubeObject): boolean {
  return pod.metadata.annotations?.[annotations.apiTlsSecret] !== undefined;
}

/** What may be asked of a pod, and why nothing: as `kubectl rtc` judges it. `cluster` undefined: it is not there. */
export function offerFor(pod: KubeObject, cluster: KubeObject | undefined): Offer {
  const isAsked = isWritten(pod, asks.drain);
  const refusal =
    refusalOf({ pod, owner: cluster }, isAsked ? asks.undrain : asks.drain) ?? otherDrain(pod, cluster);
  if (refusal !== undefined) return { act: 'nothing', reason: refusal };
  return isAsked
    ? { act: 'undrain', reason: 'Asked for by hand: it gets new calls again when that is taken back' }
    : { act: 'drain', reason: 'Calls stay until they end; new ones go elsewhere' };
}

/** A pod that drains already need not be asked: what takes that back is said instead. */
function otherDrain(pod: KubeObject, cluster: KubeObject | undefined): string | undefined {
  const drain = pod.metadata.annotations?.[annotations.drain];
  if (drain === undefined || drain === 'Requested' || isWritten(pod, asks.drain)) return undefined;
  return refusalOf({ pod, owner: cluster }, asks.undrain);
}

function podRow(seen: Seen, pod: KubeObject): PodRow {
  const { name } = pod.metadata;
  const member = memberOf(seen.cluster, name);
  const drain = member?.drain ?? pod.metadata.annotations?.[annotations.drain];
  return {
    name,
    node: (pod['spec'] as { readonly nodeName?: string } | undefined)?.nodeName ?? null,
    ...ofMember(member),
    drain: drain ?? null,
    offer: offerFor(pod, seen.cluster),
    ...ofAddress(seen, apiAddressOf(pod) ?? null),
    silence: silenceOf(seen, pod),
  };
}

/** Why a pod tells no numbers. */
function silenceOf({ facts }: Seen, pod: KubeObject): string | null {
  if (speaksTls(pod)) return 'Its API speaks TLS, and this page does not: see its metrics';
  const address = apiAddressOf(pod);
  return address === undefined || facts.has(address) ? null : 'It has not told its numbers';
}

/** A pod that the operator has not told of yet is on its way. */
function ofMember(
  member: MemberStatus | undefined,
): Pick<PodRow, 'state' | 'reason' | 'message' | 'since' | 'deadline'> {
  const {
    state,
    reason = null,
    message = null,
    since = null,
    deadline = null,
  } = member ?? { state: 'Pending' };
  return { state, reason, message, since, deadline };
}

function hostRow(seen: Seen, { address }: Host): PodRow {
  return {
    ...{ name: address, node: null, state: 'Unknown', reason: null, message: null },
    ...{ since: null, drain: null, deadline: null, silence: null },
    offer: { act: 'nothing', reason: seen.unwatched ?? 'It is no pod of this cluster' },
    ...ofAddress(seen, address),
  };
}

/** What is known of whoever answers there. */
function ofAddress(
  { hosts, calls, facts }: Seen,
  address: string | null,
): Pick<PodRow, 'address' | 'facts' | 'takesNewCalls' | 'calls'> {
  const host = hosts.find((one) => one.address === address);
  return {
    address,
    facts: (address === null ? undefined : facts.get(address)) ?? null,
    takesNewCalls: host === undefined ? null : host.isConnected && !host.isFlagged,
    calls: calls
      .filter((call) => call.address === address)
      .map(({ channel, people }) => ({ channel, people: [...people.values()] })),
  };
}

function memberOf(cluster: KubeObject | undefined, name: string): MemberStatus | undefined {
  const status = cluster?.['status'] as { readonly members?: readonly MemberStatus[] } | undefined;
  return status?.members?.find((member) => member.name === name);
}

/** The part of events.k8s.io/v1 that is read here. */
interface EventObject {
  readonly eventTime?: string | null;
  readonly series?: { readonly lastObservedTime: string };
  readonly type?: string;
  readonly reason?: string;
  readonly note?: string;
}

function eventRows(events: readonly KubeObject[]): EventRow[] {
  const rows = events.map((object): EventRow => {
    const event: EventObject & KubeObject = object;
    const at = event.series?.lastObservedTime ?? event.eventTime ?? object.metadata.creationTimestamp ?? '';
    return {
      id: `${object.metadata.uid ?? object.metadata.name} ${at}`,
      at,
      isWarning: event.type === 'Warning',
      reason: event.reason ?? '',
      note: event.note ?? '',
    };
  });
  return rows.sort((a, b) => b.at.localeCompare(a.at)).slice(0, keptEvents);
}
