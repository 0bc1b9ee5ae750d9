/**
 * What must hold at every write of an operator, whatever goes wrong: pure functions that say what is violated. Those
 * about rest and convergence (I5, I6, I10) are in `calm.ts`. The numbers are their names in messages.
 */
import { secretKeys } from '../../../operator/desired/names.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { boundsOf } from './bounds.ts';
import { deletesNameTheUid, noCallIsDeleted } from './deletes.ts';
import { capacityCoversDemand, dnsIsNeverEmpty, onlyGatedPodsArePublished } from './inDns.ts';
import { onlyLeaderWrites, pausedIsLeftAlone } from './kinds/onlyLeader.ts';
import { onlyInHours } from './kinds/outOfHours.ts';
import { dryRunChangesNothing, inhibitedIsKept } from './kinds/planned.ts';
import { onlyReachedArePublished } from './kinds/reached.ts';
import { requestIsObeyed } from './kinds/requests.ts';
import type { Scene } from './scene.ts';
import type { Invariant } from './step.ts';

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

/** I8: the spec belongs to people. */
export const specIsNeverWritten: Invariant = ({ write: { resource, body } }) =>
  resource.kind === 'RTCCluster' && typeof body === 'object' && body !== null && 'spec' in body
    ? 'the spec of the RTCCluster was written'
    : undefined;

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
  'I18 only in hours': onlyInHours,
  'I19 a dry run changes nothing': dryRunChangesNothing,
  'I20 inhibited is kept': inhibitedIsKept,
};

function nodeOf(pod: KubeObject): string | undefined {
  return (pod['spec'] as { readonly nodeName?: string }).nodeName;
}
