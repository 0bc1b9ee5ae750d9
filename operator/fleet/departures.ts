/**
 * Which pods must leave whatever their number, and why: the one list that drains are made from, beside a surplus.
 * A cause that is gone is no longer listed, and then the drain is undone.
 */
import type { RtcCluster } from '../api/rtccluster.ts';
import { leavingOf } from './nodes/leaving.ts';
import type { DrainReason, PodView } from './pod.ts';
import { requestOf } from './requests.ts';
import { wordsOf } from './words.ts';

/** What has to be there before a pod may leave DNS; a pod that is in nobody's way leaves at once. */
export type Precondition =
  /** As many other published pods as are wanted, or as are needed when no node is free for one more. */
  | 'Replacement'
  /** As many as are needed to carry what is there. */
  | 'Capacity'
  /** `discovery.minPublished`. */
  | 'Minimum'
  | 'Nothing';

/** One cause for one pod to leave. */
export interface Departure {
  readonly reason: DrainReason;
  /** A sentence without the pod's name: who or what wants it gone, and how to take that back. */
  readonly message: string;
  readonly waitsFor: Precondition;
}

/** By uid, every cause that holds right now. */
export type Departures = ReadonlyMap<string, readonly Departure[]>;

/** What is said of a pod that leaves for its number alone. */
export const tooMany = 'There are more pods than are wanted';

/** What causes are found in. */
export interface DeparturesInput {
  readonly cluster: RtcCluster;
  readonly pods: readonly PodView[];
}

/** Says whether a pod must leave for this cause, as long as the cause holds. */
type Cause = (pod: PodView, input: DeparturesInput) => Departure | undefined;

/** See the file comment. `chosen` are those that other stages of the decision choose. */
export function departuresOf(input: DeparturesInput, chosen: readonly Departures[] = []): Departures {
  return new Map(
    input.pods.flatMap((pod) => {
      const found = causes.flatMap((cause) => cause(pod, input) ?? []);
      const all = [...found, ...chosen.flatMap((some) => some.get(pod.uid) ?? [])];
      return all.length === 0 ? [] : [[pod.uid, all] as const];
    }),
  );
}

const deletion: Cause = (pod, { cluster }) => {
  if (cluster.metadata.deletionTimestamp === undefined) return undefined;
  const message = `The ${wordsOf(pod).owner} is being deleted`;
  return { reason: 'Deletion', message, waitsFor: 'Nothing' };
};

/** The node says so itself: whoever takes it away marks it first. Without the mark the pod comes back. */
const nodeLeaving: Cause = ({ node }, { cluster: { spec } }) => {
  const leaving = node && leavingOf(node, spec);
  if (leaving === undefined) return undefined;
  const { replaceBeforeNodeDrain } = spec.disruption;
  const isPatient = replaceBeforeNodeDrain && leaving.reason === 'NodeDrain';
  return { ...leaving, waitsFor: isPatient ? 'Replacement' : 'Minimum' };
};

/** It takes the new address, and comes back, when its last call has ended. */
const addressChanged: Cause = (pod) => {
  const { marks, newAddress, nodeName = '' } = pod;
  if (newAddress === undefined) return undefined;
  const message = `The address of node ${nodeName} is ${newAddress} now, and its ${wordsOf(pod).calls} were told ${marks.address}`;
  return { reason: 'AddressChanged', message, waitsFor: 'Capacity' };
};

/** A person knows what they do, but DNS that is empty makes every drain ineffective. */
const requested: Cause = (pod) => {
  const request = requestOf(pod);
  if (request?.state !== 'Draining') return undefined;
  return { reason: 'Requested', message: request.message, waitsFor: 'Minimum' };
};

/** Somebody took the annotations away, or told it to drain without us: it takes nobody any more, and ends by itself. */
const drainsAlready: Cause = ({ engine, facts, marks, isTerminating }) => {
  const isDraining = facts?.answered === true && facts.isDraining;
  if (engine !== 'Coturn' || !isDraining || isTerminating || marks.drain !== undefined) return undefined;
  const message = 'Its coturn drains already, and cannot take that back: another pod takes its place';
  return { reason: 'Requested', message, waitsFor: 'Nothing' };
};

/**
 * Whether a pod that is drained for this serves nobody new while it has calls, whatever happens: what is deleted is
 * gone for good, and a new address is told when the last call that knows the old one has ended.
 */
export function comesBackOnlyEmpty(reason: string | undefined): boolean {
  return reason === 'Deletion' || reason === 'AddressChanged';
}

const causes: readonly Cause[] = [deletion, requested, drainsAlready, nodeLeaving, addressChanged];
