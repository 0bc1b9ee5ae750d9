/** PURE: what was observed of a cluster, without any value of a Secret, as JSON can carry it; and back. */
import type { SecretData } from '../desired/credentials.ts';
import type { KubeObject } from '../kube/api.ts';
import type { Observed } from '../reconcile/observe.ts';

/**
 * Observed without Secret values. Of each only its keys are left, so that what follows from a Secret being there can
 * still be told; what follows from what is in it (the binding, certificates) cannot.
 */
export type RecordedObserved = Observed;

/** Base64 of the word that stands for each value. */
export const redacted = Buffer.from('redacted').toString('base64');

/** See the file comment. Pods of other clusters keep the ports that they take, and no more. */
export function redactedObserved(observed: Observed): RecordedObserved {
  const { turn } = observed;
  return {
    ...observed,
    found: observed.found.map(withoutValues),
    copies: observed.copies.map(withoutValues),
    secrets: keysOnly(observed.secrets),
    pods: observed.pods.map(withoutEnvironment),
    others: observed.others.map(portsOnly),
    turn: {
      ...turn,
      secrets: keysOnly(turn.secrets),
      ...(turn.held && { held: keysOf(turn.held) }),
    },
  };
}

/** Of a Secret the keys, anything else as it is. Annotations may hold copies of what was applied. */
export function withoutValues(object: KubeObject): KubeObject {
  if (object.kind !== 'Secret') return object;
  const { apiVersion, kind, metadata } = object;
  const data = keysOf((object['data'] ?? {}) as Readonly<Record<string, string>>);
  const { name, namespace, uid, resourceVersion, labels, ownerReferences } = metadata;
  const kept = { name, namespace, uid, resourceVersion, labels, ownerReferences } as KubeObject['metadata'];
  return { apiVersion, kind, type: object['type'], metadata: kept, data };
}

interface Container {
  readonly name: string;
  readonly ports?: unknown;
}

/** What decisions read of it: others may have put anything into the rest, such as a password into an environment. */
export function withoutEnvironment(pod: KubeObject): KubeObject {
  const { nodeName, hostNetwork, containers, initContainers } = (pod['spec'] ?? {}) as Partial<{
    readonly nodeName: string;
    readonly hostNetwork: boolean;
    readonly containers: readonly Container[];
    readonly initContainers: readonly Container[];
  }>;
  const lean = (of: readonly Container[] | undefined): readonly Container[] | undefined =>
    of?.map(({ name, ports }) => ({ name, ...(ports !== undefined && { ports }) }));
  const kept = lean(containers);
  const init = lean(initContainers);
  return {
    ...pod,
    spec: {
      ...(nodeName !== undefined && { nodeName }),
      ...(hostNetwork !== undefined && { hostNetwork }),
      ...(kept && { containers: kept }),
      ...(init && { initContainers: init }),
    },
  };
}

/** Of all Secrets, with the word that stands for each value. */
export function keysOnly(secrets: SecretData): SecretData {
  return Object.fromEntries(Object.entries(secrets).map(([name, data]) => [name, keysOf(data)]));
}

function keysOf(data: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(data).map((key) => [key, redacted]));
}

/** The ports that a pod of somebody else takes. */
export function portsOnly({ apiVersion, kind, metadata, spec }: KubeObject): KubeObject {
  const { nodeName, containers } = (spec ?? {}) as { nodeName?: string; containers?: { ports?: unknown }[] };
  const { name, namespace, uid } = metadata;
  const identity = { name, ...(namespace !== undefined && { namespace }), ...(uid !== undefined && { uid }) };
  const ports = containers?.map(({ ports: taken }) => ({ ports: taken }));
  return { apiVersion, kind, metadata: identity, spec: { nodeName, containers: ports } };
}
