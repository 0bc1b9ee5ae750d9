/** (desired, observed) → actions, in the order they are run. The same input gives the same plan; done, it is empty. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { hiddenCopies, isHeldForCopies, leftCopies } from '../desired/copyRecord.ts';
import { annotations, finalizer, names } from '../desired/names.ts';
import { defaultImageChange, type RevisionInputs } from '../desired/revision.ts';
import type { DesiredChildren } from '../desired/rtccluster.ts';
import { sfuPod, type PodTemplate } from '../desired/sfuPod.ts';
import { timeoutMs } from '../fleet/deadline.ts';
import type { FleetDecision } from '../fleet/decide.ts';
import type { KubeObject } from '../kube/api.ts';
import type { Action, MetadataPatch } from './action.ts';
import { copyActions, recordChange, removals, type Copies } from './copies.ts';
import { markPatch, timedMarks } from './marks.ts';
import { isControlledBy, isEqual, isLeftOf, owned } from './owned.ts';
import { revisionActions } from './revisions.ts';

/** What a plan is made from. */
export interface PlanInput {
  readonly cluster: RtcCluster;
  /** The RTCCluster as it was read. */
  readonly object: KubeObject;
  readonly decision: FleetDecision;
  readonly children: DesiredChildren;
  /** What pods of a revision are made from. */
  readonly templateOf: (revision: string) => PodTemplate;
  /** What the revision of the spec is made of. */
  readonly inputs: RevisionInputs;
  /** ControllerRevisions of the cluster. */
  readonly revisions: readonly KubeObject[];
  /** ControllerRevisions of a cluster of the same name that is gone. */
  readonly leftovers: readonly KubeObject[];
  /** The image of clusters that have none. */
  readonly operatorsImage: string;
  /** SFU pods as they were read. */
  readonly pods: readonly KubeObject[];
  /** Its namespace is being deleted. */
  readonly isNamespaceEnding: boolean;
  /** All other objects that carry the cluster's label. */
  readonly found: readonly KubeObject[];
  /** DNS names that the certificate of a pod's API may be for. */
  readonly apiNames: readonly string[];
  /** The binding in other namespaces. */
  readonly copies: Copies;
  readonly nowMs: number;
}

/** The finalizer comes before anything it protects; pods enter DNS before others leave it. */
export function plan(input: PlanInput): Action[] {
  if (input.cluster.metadata.deletionTimestamp !== undefined)
    return input.isNamespaceEnding
      ? hurried(input)
      : [...markActions(input), ...podDeletions(input), ...release(input)];
  return [
    ...holdBack(input),
    ...keepImage(input),
    ...credentialActions(input),
    ...childActions(input),
    ...copyActions(input.copies),
    ...revisionActions({ ...input, rollout: input.decision.rollout }),
    ...markActions(input),
    ...podDeletions(input),
    ...podCreations(input),
  ];
}

/** What matters most first: nobody knows for how long we may still write. */
function hurried(input: PlanInput): Action[] {
  return [...podDeletions(input), ...lastWords(input), ...release(input), ...markActions(input)];
}

/** Adds our finalizer, or takes it away, as the deletion policy says; copies elsewhere know no garbage collector. */
function holdBack({ cluster, object, copies }: PlanInput): Action[] {
  const { finalizers } = cluster.metadata;
  const isHeld = finalizers.includes(finalizer);
  const hidden = hiddenCopies(cluster, copies.reach);
  const isWanted =
    cluster.spec.deletionPolicy === 'Drain' || copies.wanted.length + copies.found.length + hidden.length > 0;
  const others = finalizers.filter((name) => name !== finalizer);
  const held = isWanted ? [...others, finalizer] : others;
  return [
    ...(isHeld === isWanted ? [] : [finalizerPatch(object, held)]),
    ...noteCopies(cluster, object, copies),
  ];
}

/** Before a copy is made, so that none is ever forgotten. */
function noteCopies(cluster: RtcCluster, object: KubeObject, copies: Copies): Action[] {
  const record = recordChange(cluster, copies);
  if (record === undefined) return [];
  const metadata = { annotations: { [annotations.bindingCopies]: record } };
  const message = 'Where the binding is, also when the right to look there is gone';
  return [{ type: 'patch', object, metadata, reason: 'BindingCopies', message }];
}

/** Notes on the cluster which image it keeps. */
function keepImage({ cluster, object, operatorsImage }: PlanInput): Action[] {
  const image = defaultImageChange(cluster, operatorsImage);
  if (image === undefined) return [];
  const metadata = { annotations: { [annotations.defaultImage]: image } };
  const message = 'A cluster without engine.image keeps the image that it was first given';
  return [{ type: 'patch', object, metadata, reason: 'DefaultImage', message }];
}

/** How long after its time a terminating pod may still be listed: then its node does not answer, and will not. */
const overdueMs = 60_000;

/**
 * Lets a deleted cluster go: at once, or when its last pod is gone or past its time. In a namespace that is being
 * deleted at once too: five seconds later our rights there go, and nobody could do it any more.
 */
function release(input: PlanInput): Action[] {
  const { cluster, object, pods, copies, isNamespaceEnding, nowMs } = input;
  const { finalizers } = cluster.metadata;
  const isPast = ({ metadata }: KubeObject): boolean =>
    Date.parse(metadata.deletionTimestamp ?? '') + overdueMs < nowMs;
  const isOver =
    isNamespaceEnding || cluster.spec.deletionPolicy === 'Immediate' || pods.every((pod) => isPast(pod));
  if (!isOver) return [];
  const { reach, found } = copies;
  const isHeld = !isNamespaceEnding && isHeldForCopies(cluster, { reach, seen: found.length }, nowMs);
  if (isHeld || !finalizers.includes(finalizer)) return removals(found);
  const others = finalizers.filter((name) => name !== finalizer);
  const [left] = leftCopies(cluster, reach);
  return [...removals(found), { ...finalizerPatch(object, others), ...left }];
}

function finalizerPatch(object: KubeObject, finalizers: readonly string[]): Action {
  const message = 'The finalizer follows deletionPolicy and binding.namespaces';
  return { type: 'patch', object, metadata: { finalizers }, reason: 'DeletionPolicy', message };
}

/**
 * Credentials are created and never written again. Those of a cluster of the same name that has just gone stay in use:
 * the garbage collector would take them later, from under pods that were made with them.
 */
function credentialActions({ cluster, children, found }: PlanInput): Action[] {
  return children.createOnce.flatMap((object): Action[] => {
    const known = counterpart(found, object);
    if (known === undefined)
      return [{ type: 'create', object, reason: 'Missing', message: 'Credentials are created once' }];
    if (!isLeftOf(known, cluster)) return [];
    const { ownerReferences } = object.metadata;
    const message =
      'The RTCCluster of this name that had these credentials is gone: they go on with this one';
    return [{ type: 'patch', object: known, metadata: { ownerReferences }, reason: 'Leftover', message }];
  });
}

/** Of all that we keep, only these can be switched off; the rest goes with the cluster. */
const optionalKinds = new Set(['PodDisruptionBudget', 'Certificate']);

function childActions({ cluster, children, found }: PlanInput): Action[] {
  const applied = children.kept.flatMap((object): Action[] => {
    const known = counterpart(found, object);
    if (known === undefined)
      return [{ type: 'apply', object, isNew: true, reason: 'Missing', message: 'It is not there' }];
    if (isEqual(owned(known), owned(object))) return [];
    return [{ type: 'apply', object, isNew: false, reason: 'Changed', message: 'It is not as wanted' }];
  });
  const surplus = found.filter(
    (object) =>
      optionalKinds.has(object.kind) &&
      isControlledBy(object, cluster.metadata.uid) &&
      object.metadata.deletionTimestamp === undefined &&
      counterpart(children.kept, object) === undefined,
  );
  return [
    ...applied,
    ...surplus.map((object): Action => {
      return { type: 'delete', object, reason: 'Unwanted', message: 'Nothing asks for it any more' };
    }),
  ];
}

function counterpart<T extends KubeObject>(among: readonly T[], object: KubeObject): T | undefined {
  return among.find(({ kind, metadata }) => kind === object.kind && metadata.name === object.metadata.name);
}

function markActions({ cluster, decision, pods, apiNames, nowMs }: PlanInput): Action[] {
  const context = { cluster, apiNames, nowMs };
  const actions = decision.members.flatMap((member) => {
    const object = pods.find(({ metadata }) => metadata.uid === member.pod.uid);
    if (object === undefined) return [];
    const metadata = markPatch(object, member, context);
    if (metadata === undefined) return [];
    const { state, reason = state, message = `Is ${state}` } = member;
    const timed = timedMarks(member, nowMs);
    return [{ type: 'patch' as const, object, metadata, reason, message, ...(timed && { timed }) }];
  });
  return actions.toSorted((a, b) => withdraws(a.metadata) - withdraws(b.metadata));
}

/** 1 for a pod that leaves DNS. */
function withdraws({ labels }: MetadataPatch): number {
  return Number(Object.values(labels ?? {}).includes(null));
}

/** At its deadline a pod ends with its calls, instead of waiting for them once more. */
const forcedSeconds = 5;

function podDeletions({ decision, pods }: PlanInput): Action[] {
  return decision.deletions.flatMap(({ pod, isForced, reason, message }): Action[] => {
    const object = pods.find(({ metadata }) => metadata.uid === pod.uid);
    if (object === undefined) return [];
    const grace = isForced ? { gracePeriodSeconds: forcedSeconds } : {};
    return [{ type: 'delete', object, ...grace, reason, message }];
  });
}

/** What ends pods without us: they drain by themselves, for as long as the deadline of a deletion allows. */
function lastWords({ cluster, pods, decision }: PlanInput): Action[] {
  const going = new Set(decision.deletions.map(({ pod }) => pod.uid));
  const grace = timeoutMs(cluster.spec.drain, 'Deletion');
  return pods
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined && !going.has(metadata.uid ?? ''))
    .map((object) => ({
      ...{ type: 'delete', object, reason: 'NamespaceEnding' },
      ...(grace !== undefined && { gracePeriodSeconds: grace / 1000 }),
      message: 'Its namespace is being deleted: it goes on by itself until its last call has ended',
    }));
}

/** The lowest free numbers: decided twice on an old view, the second create is refused. */
function podCreations({ cluster, decision, pods, templateOf }: PlanInput): Action[] {
  const { base, target, canaries } = decision.rollout;
  const taken = new Set(pods.map(({ metadata }) => metadata.name));
  const free = Array.from({ length: pods.length + decision.create }, (_, index) => index).filter(
    (index) => !taken.has(names.pod(cluster, index)),
  );
  return free.slice(0, decision.create).map((index, nth) => ({
    type: 'create',
    object: sfuPod(cluster, {
      ...{ index, template: templateOf(nth < canaries ? target : base) },
      isSurge: nth >= decision.create - decision.surge,
    }),
    reason: 'ScaleUp',
    message: `${decision.wanted} serving pods are wanted`,
  }));
}
