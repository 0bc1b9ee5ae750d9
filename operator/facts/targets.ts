/** Pods and Secrets → whom to ask, and with which key. PURE. */
import { annotations, labels, names, secretKeys } from '../desired/names.ts';
import type { KubeObject } from '../kube/api.ts';
import type { Endpoint } from './client.ts';

/** One SFU pod to be asked. */
export interface Target extends Endpoint {
  /** Of the pod: facts are about this very pod, not about its successor of the same name. */
  readonly uid: string;
  /** `namespace/name` of its RTCCluster. */
  readonly cluster: string;
}

/** Finds a Secret among those we watch. */
export type SecretLookup = (namespace: string, name: string) => KubeObject | undefined;

/** The target that a pod is; undefined while it has no address, or no key is known. */
export function targetOf(pod: KubeObject, secretNamed: SecretLookup): Target | undefined {
  const { uid, namespace, labels: podLabels, annotations: podAnnotations } = pod.metadata;
  const cluster = podLabels?.[labels.cluster];
  if (uid === undefined || namespace === undefined || cluster === undefined) return undefined;
  const origin = originOf(pod, podAnnotations?.[annotations.apiPort]);
  const adminKey = keyIn(secretNamed(namespace, names.adminSecretOf(cluster)));
  if (origin === undefined || adminKey === undefined) return undefined;
  return { uid, cluster: `${namespace}/${cluster}`, origin, adminKey };
}

function originOf(pod: KubeObject, port: string | undefined): string | undefined {
  const { podIP } = (pod['status'] ?? {}) as { readonly podIP?: string };
  return podIP === undefined || port === undefined ? undefined : `http://${podIP}:${port}`;
}

function keyIn(secret: KubeObject | undefined): string | undefined {
  const key = (secret?.['data'] as Readonly<Record<string, string>> | undefined)?.[secretKeys.adminKey];
  return key === undefined ? undefined : Buffer.from(key, 'base64').toString();
}
