/** (Observed pods, now) → what should become of each of them. Everything here carries its reason. */
import type { RtcCluster } from '../api/rtccluster.ts';
import type { AddressMaps } from './addressOn.ts';
import { neededPods } from './capacity.ts';
import { departuresOf } from './departures.ts';
import { drainsOf, type Drain } from './drains.ts';
import { membersOf } from './memberList.ts';
import type { Member } from './members.ts';
import type { NodeSupply } from './nodes/eligible.ts';
import type { PodView, Reason } from './pod.ts';
import { gate, type GateDecision } from './publish.ts';
import { withAddress } from './podAddress.ts';
import { requestGate } from './requests.ts';
import { decideRollout, type RolloutDecision } from './rollout/decide.ts';
import type { RevisionRecord } from './rollout/records.ts';
import { roster, type Roster } from './roster.ts';
import { decideScale, type ScaleDecision } from './scale/decide.ts';
import type { ScaleHistory } from './scale/history.ts';

/** What a fleet is decided from. */
export interface FleetInput {
  readonly cluster: RtcCluster;
  readonly pods: readonly PodView[];
  /** The revision of the pods that the spec asks for. */
  readonly revision: string;
  /** What is remembered of revisions. Default: nothing. */
  readonly records?: readonly RevisionRecord[];
  readonly nowMs: number;
  /** Which nodes can carry a pod. Absent: nobody may tell us, and nothing is limited by it. */
  readonly nodes?: NodeSupply;
  /** ConfigMaps that addresses may come from, by name. Default: none. */
  readonly addressMaps?: AddressMaps;
  /** What this leader remembers of the number of pods; absent at its first look. */
  readonly history?: ScaleHistory;
  /** Whether a pod may be in DNS. Default: the publish gate of SFU pods. */
  readonly gateOf?: (pod: PodView) => GateDecision;
}

/** A pod that is to be deleted, exactly as it was seen. */
export interface Deletion extends Reason {
  readonly pod: PodView;
  /** With the calls it has: its deadline has come. */
  readonly isForced: boolean;
}

/** See the file comment. */
export interface FleetDecision {
  /** How many serving pods are wanted. */
  readonly wanted: number;
  /** Why so many. */
  readonly scale: ScaleDecision;
  /** What the next decision is to be given. */
  readonly history: ScaleHistory;
  /** Which of them are replaced by pods of a newer revision. */
  readonly rollout: RolloutDecision;
  /** Every pod that stays for now, terminating ones included. */
  readonly members: readonly Member[];
  /** How many pods to make. */
  readonly create: number;
  /** How many of these a rollout adds beyond the wanted ones. */
  readonly surge: number;
  readonly deletions: readonly Deletion[];
  /** Uids of pods that are to be asked at once: whether they go hangs on the answer. */
  readonly asks: readonly string[];
  /** When to look again although nothing changed, milliseconds since the epoch. */
  readonly recheckMs?: number;
}

/** See the file comment. */
export function decideFleet(input: FleetInput): FleetDecision {
  const { cluster, nowMs } = input;
  const sources = { spec: cluster.spec.network.address, maps: input.addressMaps ?? {} };
  const pods = input.pods.map((pod) => withAddress(pod, sources));
  const { gateOf = (pod: PodView) => gate(pod, gateRules(cluster)) } = input;
  const gates = new Map(pods.map((pod) => [pod.uid, requestGate(pod) ?? gateOf(pod)]));
  const isDeleted = cluster.metadata.deletionTimestamp !== undefined;
  const scaled = decideScale({
    cluster,
    pods,
    nowMs,
    history: input.history,
    eligibleNodes: input.nodes?.eligible,
  });
  const wanted = isDeleted ? 0 : scaled.decision.desired;
  const passing = new Set(pods.filter((pod) => canServe(pod, gates)).map(({ uid }) => uid));
  const needed = Math.max(scaled.decision.needed, neededPods(pods));
  const rollout = decideRollout({
    ...{ cluster, pods, gates, passing, wanted, needed, nowMs },
    ...{ departures: departuresOf({ cluster, pods }), revision: input.revision },
    records: input.records ?? [],
    ...(input.nodes && { nodes: input.nodes }),
  });
  const departures = departuresOf({ cluster, pods }, [rollout.departures]);
  const changes = roster({
    ...{ pods, departures, passing, isDeleted, wanted: rollout.wanted },
    ...{ discards: rollout.discards, revision: rollout.target, needed },
    minPublished: cluster.spec.discovery.minPublished,
    reuseDraining: cluster.spec.scaling.behavior.reuseDraining,
    tolerations: cluster.spec.placement.tolerations,
    ...(input.nodes && { nodes: input.nodes }),
  });
  const drains = drainsOf(pods, { changes, departures, spec: cluster.spec.drain, nowMs });
  const deletions = deletionsOf(pods, changes, drains);
  const going = new Set(deletions.map(({ pod }) => pod.uid));
  const staying = pods.filter(({ uid }) => !going.has(uid));
  const recheckMs = earliest([
    ...[...drains.values()].map(({ progress }) => (progress.done ? undefined : progress.recheckMs)),
    scaled.recheckMs,
    rollout.recheckMs,
  ]);
  return {
    ...{ wanted, rollout, scale: scaled.decision, history: scaled.history },
    members: membersOf(staying, { gates, drains, held: changes.held, settled: rollout.settled, cluster }),
    create: changes.create,
    surge: Math.min(changes.create, Math.max(0, rollout.wanted - wanted)),
    deletions,
    asks: [...rollout.asks, ...askedIn(drains)],
    ...(recheckMs !== undefined && { recheckMs }),
  };
}

function askedIn(drains: ReadonlyMap<string, Drain>): string[] {
  return [...drains].flatMap(([uid, { progress }]) => (!progress.done && progress.asks ? [uid] : []));
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Drained pods stay out, and so do those that Kubernetes takes away. */
function canServe(pod: PodView, gates: ReadonlyMap<string, GateDecision>): boolean {
  return gates.get(pod.uid)?.ok === true && !pod.isTerminating && !pod.isDead;
}

function deletionsOf(
  pods: readonly PodView[],
  { discarded }: Roster,
  drains: ReadonlyMap<string, Drain>,
): Deletion[] {
  return pods.flatMap((pod) => {
    const discard = discarded.get(pod.uid);
    if (discard !== undefined) return [{ pod, isForced: false, ...discard }];
    const progress = drains.get(pod.uid)?.progress;
    if (progress?.done !== true) return [];
    const { reason, message, isForced = false } = progress;
    return [{ pod, isForced, reason, message }];
  });
}

function gateRules(cluster: RtcCluster): Parameters<typeof gate>[1] {
  const { engine, network } = cluster.spec;
  const { require, verify } = network.address;
  return { minimumVersion: engine.minimumVersion, requirePublic: require === 'Public', verify };
}
