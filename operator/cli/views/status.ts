/** PURE: RTCClusters and TurnServers → one page that says how they are. */
import type { MemberStatus, RtcClusterStatus } from '../../api/rtccluster.ts';
import type { TurnServerStatus } from '../../api/turnserver.ts';
import type { Condition } from '../../api/shared.ts';
import type { KubeObject } from '../../kube/api.ts';
import type { Finding } from '../doctor/finding.ts';
import { parts, type Style, table } from '../text.ts';
import { aboutOf, type About } from './about.ts';
import { concernText } from './concernText.ts';
import { podsOf, podTable, type LivePods, type PodStatus } from './statusPods.ts';
import { concernsOf, type Concern } from './why.ts';

/** One RTCCluster or TurnServer. */
export interface FleetStatus extends About {
  /** Of the condition Ready. */
  readonly ready: { readonly status: string; readonly reason: string; readonly message: string };
  readonly published: number;
  readonly desired: number;
  readonly draining: number;
  /** Participants, or allocations of a TurnServer; absent: nobody knows. */
  readonly sessions?: number;
  /** Participants that the pods in DNS can carry, about. */
  readonly capacity?: number;
  /** Pods whose use is unknown. */
  readonly silentPods: number;
  /** Where the rotation of a TURN secret stands. */
  readonly rotation?: string;
  readonly members: readonly PodStatus[];
  /** Why nobody knows what single pods are used for; absent: it is known, or was not asked. */
  readonly useUnknown?: string;
  /** The worst first; without what is well. */
  readonly concerns: readonly Concern[];
}

/** See the file comment. */
export interface StatusView {
  /** Whether an operator looks at them; absent: it was not asked. Everything else is as one saw it last. */
  readonly operator?: Finding;
  readonly fleets: readonly FleetStatus[];
}

/** What the objects themselves do not tell. */
export interface Live {
  readonly operator?: Finding;
  /** What the operator tells of the pods of an object; undefined where it was not asked. */
  readonly podsOf?: (object: KubeObject) => LivePods | undefined;
}

/** In the order given. */
export function statusView(
  objects: readonly KubeObject[],
  { operator, podsOf: live }: Live = {},
): StatusView {
  return {
    ...(operator && { operator }),
    fleets: objects.map((object) => fleetStatus(object, live?.(object))),
  };
}

interface AnyStatus extends Omit<Partial<RtcClusterStatus>, 'conditions' | 'members'> {
  readonly conditions?: readonly Condition[];
  readonly members?: readonly MemberStatus[];
  readonly allocations?: TurnServerStatus['allocations'];
  readonly secrets?: TurnServerStatus['secrets'];
}

function fleetStatus(object: KubeObject, live: LivePods | undefined): FleetStatus {
  const status = (object['status'] ?? {}) as AnyStatus;
  const { conditions = [], members = [] } = status;
  return {
    ...aboutOf(object),
    ready: readyIn(conditions),
    published: status.publishedPods ?? 0,
    desired: status.desiredPods ?? 0,
    draining: status.drainingPods ?? 0,
    ...useIn(status),
    ...(status.secrets && { rotation: status.secrets.rotation }),
    members: podsOf(members, live),
    ...(live !== undefined && 'unknown' in live && { useUnknown: live.unknown }),
    concerns: concernsOf({ conditions: [...conditions] }, object.kind),
  };
}

function readyIn(conditions: readonly Condition[]): FleetStatus['ready'] {
  const ready = conditions.find(({ type }) => type === 'Ready');
  if (ready === undefined)
    return {
      ...{ status: 'Unknown', reason: 'NotServed' },
      message: 'No operator has looked at it yet: see whether one runs and watches this namespace',
    };
  const { status, reason, message } = ready;
  return { status, reason, message };
}

function useIn({
  sessions,
  allocations,
}: AnyStatus): Pick<FleetStatus, 'sessions' | 'capacity' | 'silentPods'> {
  if (allocations !== undefined)
    return {
      ...(allocations.current !== undefined && { sessions: allocations.current }),
      silentPods: allocations.unknownPods,
    };
  if (sessions === undefined) return { silentPods: 0 };
  const { current, capacity, stalePods } = sessions;
  return { sessions: current, silentPods: stalePods, ...(capacity !== undefined && { capacity }) };
}

/** The same for people; `isLong` also lists pods and what is not as it should be. */
export function statusText(
  { fleets, operator }: StatusView,
  { style, nowMs, isLong }: { readonly style: Style; readonly nowMs: number; readonly isLong: boolean },
): string {
  if (fleets.length === 0)
    return 'There are no RTCClusters and no TurnServers here: name another namespace with -n, or all with -A.';
  const head = ['KIND', 'NAMESPACE', 'NAME', 'PUBLISHED', 'DRAINING', 'USE', 'READY', 'REASON'];
  const overview = [table([head, ...fleets.map(row)])];
  const details = isLong ? fleets.flatMap((fleet) => detail(fleet, style, nowMs)) : [];
  return parts(unwatched(operator, style), overview, ...details);
}

/** Nothing of the objects changes when their operator goes: they say Ready for as long as they are there. */
function unwatched(operator: Finding | undefined, style: Style): readonly string[] {
  if (operator?.level !== 'fail') return [];
  const { message, fix = '' } = operator;
  return [style.bad(`${message}. What follows is as an operator saw it last`), style.dim(`to do: ${fix}`)];
}

function row(fleet: FleetStatus): readonly string[] {
  const { kind, namespace, name, published, desired, draining, ready } = fleet;
  return [
    kind,
    namespace,
    name,
    `${published}/${desired}`,
    String(draining),
    useText(fleet),
    ready.status,
    ready.reason,
  ];
}

function useText({ sessions, capacity, silentPods }: FleetStatus): string {
  const of = capacity === undefined ? '' : `/${capacity}`;
  const silent = silentPods === 0 ? '' : ` (${silentPods} silent)`;
  return sessions === undefined ? 'unknown' : `${sessions}${of}${silent}`;
}

function detail(fleet: FleetStatus, style: Style, nowMs: number): readonly (readonly string[])[] {
  const { kind, name, members, concerns, rotation, useUnknown } = fleet;
  return [
    [
      style.bold(`${kind} ${name}`),
      ...(members.length === 0 ? ['  no pods'] : [podTable(members, kind, nowMs)]),
      ...(useUnknown === undefined
        ? []
        : [style.dim(`What single pods are used for is unknown: ${useUnknown}`)]),
      ...(rotation === undefined ? [] : [`rotation of the TURN secret: ${rotation}`]),
    ],
    concernText(concerns, style),
  ];
}
