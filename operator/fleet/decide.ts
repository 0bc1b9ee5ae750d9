/** (Observed pods, now) → what should become of each of them. Everything here carries its reason. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { drainProgress, type DrainContext, type DrainDecision, type DrainTimes } from './drain.ts';
import { addressOn } from './address.ts';
import { mayHaveCalls, stateOf, type Member } from './members.ts';
import type { NodeSupply } from './nodes/eligible.ts';
import type { DrainMark, PodView, Reason } from './pod.ts';
import { gate, keptForMinimum, type GateDecision } from './publish.ts';
import { roster, type Roster } from './roster.ts';

/** What a fleet is decided from. */
export interface FleetInput {
  readonly cluster: RtcCluster;
  readonly pods: readonly PodView[];
  /** Revision of the current pod template. */
  readonly revision: string;
  readonly nowMs: number;
  /** Which nodes can carry a pod. Absent: nobody may tell us, and nothing is limited by it. */
  readonly nodes?: NodeSupply;
}

/** A pod that is to be deleted, exactly as it was seen. */
export interface Deletion extends Reason {
  readonly pod: PodView;
}

/** See the file comment. */
export interface FleetDecision {
  /** How many serving pods are wanted. */
  readonly wanted: number;
  /** Every pod that stays for now, terminating ones included. */
  readonly members: readonly Member[];
  /** How many pods to make. */
  readonly create: number;
  readonly deletions: readonly Deletion[];
  /** When to look again although nothing changed, milliseconds since the epoch. */
  readonly recheckMs?: number;
}

/** See the file comment. */
export function decideFleet(input: FleetInput): FleetDecision {
  const { cluster, nowMs } = input;
  const pods = input.pods.map((pod) => withAddress(pod, cluster));
  const gates = new Map(pods.map((pod) => [pod.uid, gate(pod, gateRules(cluster))]));
  const changes = roster({
    pods,
    passing: new Set(pods.filter((pod) => canServe(pod, gates)).map(({ uid }) => uid)),
    wanted: cluster.spec.replicas ?? 0,
    minPublished: cluster.spec.discovery.minPublished,
    revision: input.revision,
    isDeleted: cluster.metadata.deletionTimestamp !== undefined,
  });
  const drains = drainsOf(pods, changes, { nowMs, times: drainTimes(cluster) });
  const deletions = deletionsOf(pods, changes, drains);
  const going = new Set(deletions.map(({ pod }) => pod.uid));
  const staying = pods.filter(({ uid }) => !going.has(uid));
  const recheckMs = earliest(
    [...drains.values()].map(({ progress }) => (progress.done ? undefined : progress.recheckMs)),
  );
  return {
    wanted: cluster.metadata.deletionTimestamp === undefined ? (cluster.spec.replicas ?? 0) : 0,
    members: membersOf(staying, { gates, drains, cluster }),
    create: changes.create,
    deletions,
    ...(recheckMs !== undefined && { recheckMs }),
  };
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** A pod learns its address from its node as soon as it has one, and keeps it while it is in DNS. */
function withAddress(pod: PodView, cluster: RtcCluster): PodView {
  if (pod.node === undefined || (pod.marks.isPublished && pod.marks.address !== '')) return pod;
  const decision = addressOn(pod.node, cluster.spec.network.address);
  if (decision.ok) return { ...pod, marks: { ...pod.marks, address: decision.annotation } };
  const { reason, message } = decision;
  return { ...pod, addressProblem: { reason, message }, marks: { ...pod.marks, address: '' } };
}

/** Drained pods stay out, and so do those that Kubernetes takes away. */
function canServe(pod: PodView, gates: ReadonlyMap<string, GateDecision>): boolean {
  return gates.get(pod.uid)?.ok === true && !pod.isTerminating && !pod.isDead;
}

interface Drain {
  readonly mark: DrainMark;
  readonly progress: DrainDecision;
}

function drainsOf(
  pods: readonly PodView[],
  changes: Roster,
  { nowMs, times }: { readonly nowMs: number; readonly times: DrainTimes },
): Map<string, Drain> {
  const drains = new Map<string, Drain>();
  for (const pod of pods) {
    const mark = markOf(pod, changes, nowMs);
    if (mark === undefined || pod.isTerminating) continue;
    const others = pods.filter(({ uid }) => uid !== pod.uid);
    const publishedAtMs = others.flatMap(({ marks }) => marks.publishedSinceMs ?? []);
    const context: DrainContext = { nowMs, times, publishedAtMs };
    drains.set(pod.uid, { mark, progress: drainProgress(pod, mark, context) });
  }
  return drains;
}

/** A drain that has begun keeps its start, whatever the reason is by now. */
function markOf(pod: PodView, { leaving, returning }: Roster, nowMs: number): DrainMark | undefined {
  const reason = leaving.get(pod.uid);
  if (reason !== undefined) return { reason, startedMs: nowMs };
  return returning.has(pod.uid) ? undefined : pod.marks.drain;
}

function deletionsOf(
  pods: readonly PodView[],
  { discarded }: Roster,
  drains: ReadonlyMap<string, Drain>,
): Deletion[] {
  return pods.flatMap((pod) => {
    const discard = discarded.get(pod.uid);
    if (discard !== undefined) return [{ pod, ...discard }];
    const progress = drains.get(pod.uid)?.progress;
    return progress?.done === true ? [{ pod, reason: progress.reason, message: progress.message }] : [];
  });
}

interface MembersContext {
  readonly gates: ReadonlyMap<string, GateDecision>;
  readonly drains: ReadonlyMap<string, Drain>;
  readonly cluster: RtcCluster;
}

function membersOf(pods: readonly PodView[], context: MembersContext): Member[] {
  const { drains, cluster } = context;
  const candidates = pods
    .filter((pod) => !pod.isTerminating && !pod.isDead && !drains.has(pod.uid))
    .map((pod) => ({ pod, gate: gateOf(pod, context) }));
  const kept = keptForMinimum(candidates, cluster.spec.discovery.minPublished);
  return pods.map((pod) => {
    const drain = drains.get(pod.uid);
    const isKept = kept.has(pod.uid);
    const decision = stateOf(pod, {
      gate: gateOf(pod, context),
      isKept,
      ...(drain && { drain: drain.progress }),
    });
    return {
      pod,
      state: decision.state,
      ...(decision.reason !== undefined && { reason: decision.reason }),
      ...(decision.message !== undefined && { message: decision.message }),
      isPublished: decision.state === 'Published',
      isBusy: mayHaveCalls(pod, decision.state === 'Published'),
      ...keptMark(pod, drain),
      address: pod.marks.address,
    };
  });
}

/** A pod that is being deleted keeps its marks: there is nothing left to decide. */
function keptMark(pod: PodView, drain: Drain | undefined): { readonly drain?: DrainMark } {
  const mark = drain?.mark ?? (pod.isTerminating ? pod.marks.drain : undefined);
  return mark === undefined ? {} : { drain: mark };
}

function gateOf(pod: PodView, { gates }: MembersContext): GateDecision {
  return gates.get(pod.uid) ?? { ok: false, reason: 'Unknown', message: 'It was not looked at yet' };
}

function gateRules(cluster: RtcCluster): Parameters<typeof gate>[1] {
  const { engine, network } = cluster.spec;
  return { minimumVersion: engine.minimumVersion, requirePublic: network.address.require === 'Public' };
}

function drainTimes({ spec: { drain } }: RtcCluster): DrainTimes {
  return { propagationMs: drain.propagationSeconds * 1000, sessionlessMs: drain.sessionlessSeconds * 1000 };
}
