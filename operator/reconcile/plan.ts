/** (desired, observed) → actions, in the order they are run. The same input gives the same plan; done, it is empty. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { hiddenCopies, isHeldForCopies, leftCopies } from '../desired/copyRecord.ts';
import { annotations, names } from '../desired/names.ts';
import { defaultImageChange, type RevisionInputs } from '../desired/revision.ts';
import type { DesiredChildren } from '../desired/rtccluster.ts';
import { sfuPod, type PodTemplate } from '../desired/sfuPod.ts';
import type { FleetDecision } from '../fleet/decide.ts';
import type { KubeObject } from '../kube/api.ts';
import type { Action } from './action.ts';
import { copyActions, recordChange, removals, type Copies } from './copies.ts';
import { childActions, credentialActions } from './plan/children.ts';
import { areOver, holdBack, letGo } from './plan/end.ts';
import { lastWords, markActions, podCreations, podDeletions } from './plan/pods.ts';
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
  /** Pods of other owners, in all namespaces. */
  readonly others: readonly KubeObject[];
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
      : [...marks(input), ...podDeletions(input), ...release(input)];
  const children = { owner: input.cluster, ...input.children, found: input.found };
  return [
    ...holdBack(input.object, input.cluster.metadata.finalizers, isHeld(input)),
    ...noteCopies(input),
    ...keepImage(input),
    ...credentialActions(children),
    ...childActions(children),
    ...copyActions(input.copies),
    ...revisionActions({ ...input, rollout: input.decision.rollout }),
    ...marks(input),
    ...podDeletions(input),
    ...creations(input),
  ];
}

/** What matters most first: nobody knows for how long we may still write. */
function hurried(input: PlanInput): Action[] {
  const goodbye = lastWords(input, input.cluster.spec.drain);
  return [...podDeletions(input), ...goodbye, ...release(input), ...marks(input)];
}

/** The deletion policy asks for our finalizer; and copies elsewhere, which know no garbage collector. */
function isHeld({ cluster, copies }: PlanInput): boolean {
  const hidden = hiddenCopies(cluster, copies.reach);
  const count = copies.wanted.length + copies.found.length + hidden.length;
  return cluster.spec.deletionPolicy === 'Drain' || count > 0;
}

/** Before a copy is made, so that none is ever forgotten. */
function noteCopies({ cluster, object, copies }: PlanInput): Action[] {
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

/**
 * Lets a deleted cluster go: at once, or when its last pod is gone or past its time. In a namespace that is being
 * deleted at once too: five seconds later our rights there go, and nobody could do it any more.
 */
function release({ cluster, object, pods, copies, isNamespaceEnding, nowMs }: PlanInput): Action[] {
  const isOver = isNamespaceEnding || cluster.spec.deletionPolicy === 'Immediate' || areOver(pods, nowMs);
  if (!isOver) return [];
  const { reach, found } = copies;
  const waits = !isNamespaceEnding && isHeldForCopies(cluster, { reach, seen: found.length }, nowMs);
  const [left] = leftCopies(cluster, reach);
  const end = waits ? [] : letGo(object, cluster.metadata.finalizers);
  return [...removals(found), ...end.map((action) => ({ ...action, ...left }))];
}

function marks(input: PlanInput): Action[] {
  const { cluster, apiNames, nowMs } = input;
  return markActions(input, { cluster, apiNames, nowMs });
}

function creations(input: PlanInput): Action[] {
  const { cluster, decision, templateOf } = input;
  const { base, target, canaries } = decision.rollout;
  return podCreations(input, {
    namespace: cluster.metadata.namespace,
    nameOf: (index) => names.pod(cluster, index),
    make: (index, nth) =>
      sfuPod(cluster, {
        ...{ index, template: templateOf(nth < canaries ? target : base) },
        isSurge: nth >= decision.create - decision.surge,
      }),
  });
}
