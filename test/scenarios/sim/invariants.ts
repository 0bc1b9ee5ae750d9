/**
 * What must hold at every write of an operator, whatever goes wrong: pure functions that say what is violated. Those
 * about rest and convergence (I5, I6, I10) are in `calm.ts`. The numbers are their names in messages.
 */
import { gte } from 'semver';
import { annotations, labels, secretKeys } from '../../../operator/desired/names.ts';
import type { KubeObject, Meant, ObjectMeta } from '../../../operator/kube/api.ts';
import type { Write } from './connection.ts';
import { onlyLeaderWrites, pausedIsLeftAlone } from './kinds/onlyLeader.ts';
import { onlyReachedArePublished } from './kinds/reached.ts';
import { deadlineOfPerson, requestIsObeyed } from './kinds/requests.ts';
import type { PodTruth, Scene } from './scene.ts';
import { statedDeadlineMs } from './stated.ts';
import type { Invariant } from './step.ts';

/** How early a deadline may come true: the promise of the operator is ± 5 s. */
const deadlineSlackMs = 5_000;
/** How long a write may be under way while the API server throttles. */
const slowWriteMs = 30_000;
/** How old the answer of a pod may be that it is deleted on. */
const lastLookMs = 2_000;
/** Share of a pod that is planned with. */
const usableShare = 0.8;

/**
 * I1: no pod with calls, or of which nobody knows, is deleted before its deadline. Where nobody else can take new ones,
 * a call may begin while the delete is on its way: SIGTERM is a drain, and it goes on.
 */
export const noCallIsDeleted: Invariant = ({ write, before }) => {
  const pod = deletedPod(write, before);
  if (pod === undefined || isEnded(pod) || isForced(pod, before)) return undefined;
  const { name, annotations: marks } = pod.object.metadata;
  const { sessions } = pod;
  if (sessions === undefined)
    return marks?.[annotations.publishedSince] === undefined
      ? undefined
      : `${name} was deleted although nobody knows its sessions`;
  return sessions === 0 || isSurprised(pod, write, before)
    ? undefined
    : `${name} was deleted with ${sessions} sessions`;
};

/** I2: the published set never becomes empty through us. */
export const dnsIsNeverEmpty: Invariant = ({ before, after, write }) => {
  if (before.cluster === undefined || before.cluster.metadata.deletionTimestamp !== undefined)
    return undefined;
  if (inDns(before) === 0 || inDns(after) > 0) return undefined;
  // A fleet with one node can be renewed in no other way than at a moment without calls.
  const isIdle = [...before.pods.values()].every(
    (pod) => !pod.isInDns || pod.sessions === 0 || isJustBusy(pod, before),
  );
  return isAlone(before) && isIdle
    ? undefined
    : `DNS became empty by ${write.verb} ${write.resource.plural} ${write.key}`;
};

/** I2: only pods that pass the gate are published. */
export const onlyGatedPodsArePublished: Invariant = ({ before, after, write }) => {
  const { cluster } = after;
  const pod = publishedPod(write, before, after);
  if (pod === undefined || cluster === undefined) return undefined;
  const { name, annotations: marks } = pod.object.metadata;
  if ((marks?.[annotations.address] ?? '') === '') return `${name} was published without an address`;
  if (pod.version !== undefined && !gte(pod.version, cluster.spec.engine.minimumVersion))
    return `${name} was published with version ${pod.version}`;
  return undefined;
};

/** I3: at most one SFU pod per node and port. All pods of a cluster have the same ports. */
export const onePodPerNode: Invariant = ({ after }) => {
  const nodes = [...after.pods.values()].flatMap(({ object }) => nodeOf(object) ?? []);
  const twice = nodes.find((node, index) => nodes.indexOf(node) !== index);
  return twice === undefined ? undefined : `two SFU pods are on node ${twice}`;
};

/** I4: what is wanted stays within what was asked for. */
export const desiredIsInBounds: Invariant = ({ write, after: { cluster } }) => {
  if (write.resource.kind !== 'RTCCluster' || write.subresource !== 'status' || cluster === undefined)
    return undefined;
  const { desiredPods, observedGeneration } = cluster.status;
  if (desiredPods === undefined || observedGeneration !== cluster.metadata.generation) return undefined;
  const { min, max } = boundsOf(cluster);
  return desiredPods >= min && desiredPods <= max
    ? undefined
    : `desiredPods is ${desiredPods}, and ${min} to ${max} were asked for`;
};

/** I7: a delete says which object it means. */
export const deletesNameTheUid: Invariant = ({ write: { verb, key, resource, body } }) => {
  const { uid } = (body ?? {}) as Partial<Meant>;
  return verb === 'delete' && (uid ?? '') === ''
    ? `${resource.plural} ${key} was deleted by its name alone`
    : undefined;
};

/** I8: the spec belongs to people. */
export const specIsNeverWritten: Invariant = ({ write: { resource, body } }) =>
  resource.kind === 'RTCCluster' && typeof body === 'object' && body !== null && 'spec' in body
    ? 'the spec of the RTCCluster was written'
    : undefined;

const ownAccord = new Set(['ScaleDown', 'Rollout', 'AddressChanged']);

/**
 * I9: what is left in DNS after a drain of our own accord carries what is there. As many as are wanted are enough for
 * a pod that is replaced, even where more would be needed: then that is what somebody, or `maxPods`, has said. Who
 * deletes a cluster wants none, whatever its pods had been drained for before.
 */
export const capacityCoversDemand: Invariant = ({ write, before, after }) => {
  if (before.cluster?.metadata.deletionTimestamp !== undefined) return undefined;
  const left = leftDns(write, before, after);
  if (left === undefined || !ownAccord.has(drainOf(left))) return undefined;
  const [had, has] = [inDns(before) * usableShare, inDns(after) * usableShare];
  if (had < before.demand || has >= before.demand) return undefined;
  if (drainOf(left) !== 'ScaleDown' && inDns(after) >= wantedIn(before)) return undefined;
  const { name } = left.object.metadata;
  return `${inDns(after)} pods are left for a load of ${before.demand.toFixed(2)} after ${name} left`;
};

/** I11: no secret in what people and programs read. */
export const secretsStaySecret: Invariant = ({ write, after }) => {
  if (!['RTCCluster', 'Event', 'Pod', 'ConfigMap'].includes(write.resource.kind)) return undefined;
  return leaked(JSON.stringify(write.body), after)
    ? `a secret is in ${write.resource.plural} ${write.key}`
    : undefined;
};

/** Whether a text holds a secret. */
export function leaked(text: string, { secrets }: Pick<Scene, 'secrets'>): boolean {
  return secrets.some((secret) => text.includes(secret));
}

const credentialKeys = [secretKeys.adminKey, secretKeys.clientID, secretKeys.authKey];

/** I12: a credential that was handed out stays valid. `before` and `after` are the Secret. */
export function credentialsStay(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): string | undefined {
  const [had, has] = [before, after].map(
    (secret) => (secret?.['data'] ?? {}) as Readonly<Record<string, string>>,
  );
  const lost = credentialKeys.find((key) => had?.[key] !== undefined && had[key] !== has?.[key]);
  return lost === undefined ? undefined : `${lost} of Secret ${before?.metadata.name ?? ''} changed`;
}

/** All that are about one step, by name. */
export const invariants: Readonly<Record<string, Invariant>> = {
  'I1 no call is deleted': noCallIsDeleted,
  'I2 DNS is never empty': dnsIsNeverEmpty,
  'I2 only gated pods are published': onlyGatedPodsArePublished,
  'I3 one pod per node': onePodPerNode,
  'I4 desired is in bounds': desiredIsInBounds,
  'I7 deletes name the uid': deletesNameTheUid,
  'I8 spec is never written': specIsNeverWritten,
  'I9 capacity covers demand': capacityCoversDemand,
  'I11 secrets stay secret': secretsStaySecret,
  'I13 a request is obeyed': requestIsObeyed,
  'I14 one replica acts': onlyLeaderWrites,
  'I15 paused is left alone': pausedIsLeftAlone,
  'I16 only whom calls reach is published': onlyReachedArePublished,
};

/** Nobody else can take new calls: there is no other node, or the cluster is being deleted. Mattermost sends them on. */
export function isAlone({ cluster, openNodes }: Scene): boolean {
  return openNodes <= 1 || cluster?.metadata.deletionTimestamp !== undefined;
}

/** Its calls began after the last look at it. */
function isJustBusy({ busySinceMs }: PodTruth, { nowMs }: Scene): boolean {
  return busySinceMs !== undefined && nowMs - busySinceMs <= lastLookMs + slowWriteMs;
}

function isSurprised(pod: PodTruth, { body }: Write, before: Scene): boolean {
  const isInOrder = (body as Partial<Meant>).gracePeriodSeconds === undefined;
  return isInOrder && isAlone(before) && isJustBusy(pod, before);
}

function drainOf({ object }: PodTruth): string {
  return object.metadata.annotations?.[annotations.drain] ?? '';
}

/** The status may still tell what was wanted before somebody changed the spec. */
function wantedIn({ cluster }: Scene): number {
  if (cluster === undefined) return 0;
  const { min, max } = boundsOf(cluster);
  return Math.min(max, Math.max(min, cluster.status.desiredPods ?? 0));
}

function inDns({ pods }: Scene): number {
  return [...pods.values()].filter((pod) => pod.isInDns).length;
}

function deletedPod({ verb, resource, key, body }: Write, { pods }: Scene): PodTruth | undefined {
  if (verb !== 'delete' || resource.kind !== 'Pod') return undefined;
  const { uid } = body as Partial<Meant>;
  const named = [...pods.values()].find(
    ({ object: { metadata } }) => `${metadata.namespace ?? ''}/${metadata.name}` === key,
  );
  // A precondition that does not hold deletes nothing; without one, whoever has the name.
  return uid === undefined || named?.object.metadata.uid === uid ? named : undefined;
}

function isEnded({ object }: PodTruth): boolean {
  return ['Failed', 'Succeeded'].includes(
    (object['status'] as { readonly phase?: string } | undefined)?.phase ?? '',
  );
}

/** Its drain has lasted as long as the spec lets one of this reason last, or as a person has said. */
function isForced({ object, drainedSinceMs }: PodTruth, { cluster, nowMs }: Scene): boolean {
  const givenMs = deadlineOfPerson(object);
  if (givenMs !== undefined) return nowMs >= givenMs - deadlineSlackMs;
  const reason = object.metadata.annotations?.[annotations.drain] ?? '';
  const sinceMs = drainedSinceMs.get(reason);
  if (cluster === undefined || sinceMs === undefined) return false;
  const afterMs = statedDeadlineMs(cluster, reason);
  return afterMs !== undefined && nowMs >= beganMs(object, sinceMs) + afterMs - deadlineSlackMs;
}

/** A drain counts from its decision, which is what people read on the pod; a slow API server writes it down later. */
function beganMs({ metadata }: KubeObject, writtenMs: number): number {
  const statedMs = Date.parse(metadata.annotations?.[annotations.drainStarted] ?? '');
  return statedMs >= writtenMs - slowWriteMs ? Math.min(statedMs, writtenMs) : writtenMs;
}

function uidOf({ resource, key }: Write, { pods }: Scene): string | undefined {
  if (resource.kind !== 'Pod') return undefined;
  return [...pods.values()].find(
    ({ object: { metadata } }) => `${metadata.namespace ?? ''}/${metadata.name}` === key,
  )?.object.metadata.uid;
}

/** The pod that left DNS by this write, as it is now. */
function leftDns(write: Write, before: Scene, after: Scene): PodTruth | undefined {
  const uid = uidOf(write, before) ?? '';
  const now = after.pods.get(uid);
  return before.pods.get(uid)?.isInDns === true && now?.isInDns === false ? now : undefined;
}

function publishedPod(write: Write, before: Scene, after: Scene): PodTruth | undefined {
  const isPublished = (pod: PodTruth | undefined): boolean => labelsOf(pod)[labels.published] === 'true';
  const uid = uidOf(write, after) ?? '';
  const pod = after.pods.get(uid);
  return isPublished(pod) && !isPublished(before.pods.get(uid)) ? pod : undefined;
}

function labelsOf(pod: PodTruth | undefined): NonNullable<ObjectMeta['labels']> {
  return pod?.object.metadata.labels ?? {};
}

function nodeOf(pod: KubeObject): string | undefined {
  return (pod['spec'] as { readonly nodeName?: string }).nodeName;
}

function boundsOf({ spec, metadata }: NonNullable<Scene['cluster']>): {
  readonly min: number;
  readonly max: number;
} {
  if (metadata.deletionTimestamp !== undefined) return { min: 0, max: 0 };
  const { replicas = 0, scaling } = spec;
  if (scaling.mode === 'Auto') return { min: scaling.minPods, max: scaling.maxPods };
  return { min: replicas, max: replicas };
}
