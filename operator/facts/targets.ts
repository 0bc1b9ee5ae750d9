/** Pods and Secrets → whom to ask, and with which key. PURE. */
import { authorityIn } from '../desired/servedCertificate.ts';
import { annotations, labels, names, secretKeys } from '../desired/names.ts';
import type { KubeObject } from '../kube/api.ts';
import type { Endpoint } from './client.ts';
import type { Trust } from './dispatchers.ts';
import type { RtcdClient, RtcdInstance } from './rtcdClients.ts';

/** One SFU pod to be asked. */
export interface Target extends Endpoint {
  /** Of the pod: facts are about this very pod, not about its successor of the same name. */
  readonly uid: string;
  /** Queue key of its RTCCluster or TurnServer. */
  readonly cluster: string;
}

/** Finds a Secret among those we watch. */
export type SecretLookup = (namespace: string, name: string) => KubeObject | undefined;

/** The target that a pod is; undefined while it has no address, or no key or name to know it by. */
export function targetOf(pod: KubeObject, secretNamed: SecretLookup): Target | undefined {
  const { uid, namespace, labels: podLabels, annotations: podAnnotations } = pod.metadata;
  const cluster = podLabels?.[labels.cluster];
  if (uid === undefined || namespace === undefined || cluster === undefined) return undefined;
  const scheme = schemeOf(pod, (name) => secretNamed(namespace, name));
  const adminKey = valueIn(secretNamed(namespace, names.adminSecretOf(cluster)), secretKeys.adminKey);
  if (scheme === undefined || adminKey === undefined) return undefined;
  const origin = originOf(pod, scheme.name, podAnnotations?.[annotations.apiPort]);
  if (origin === undefined) return undefined;
  const { trust } = scheme;
  return {
    ...{ uid, cluster: `${namespace}/${cluster}`, origin, adminKey },
    ...(trust && { trust }),
    ...rtcdIn(pod, (name) => secretNamed(namespace, name)),
  };
}

/** Nothing for our own SFU. */
function rtcdIn(
  { metadata }: KubeObject,
  secretNamed: (name: string) => KubeObject | undefined,
): { readonly rtcd?: RtcdInstance } {
  const text = metadata.annotations?.[annotations.rtcdClients];
  if (text === undefined) return {};
  const clients = text.split(',').flatMap((name) => clientIn(secretNamed(name)) ?? []);
  return { rtcd: { uid: metadata.uid ?? '', clients } };
}

/** Undefined while the Secret is not there, or lacks a key. */
function clientIn(secret: KubeObject | undefined): RtcdClient | undefined {
  const clientID = valueIn(secret, secretKeys.clientID);
  const authKey = valueIn(secret, secretKeys.authKey);
  return clientID === undefined || authKey === undefined ? undefined : { clientID, authKey };
}

interface Scheme {
  readonly name: 'http' | 'https';
  readonly trust?: Trust;
}

/** Undefined while a pod with a certificate has no name that it could be for. */
function schemeOf(
  { metadata }: KubeObject,
  secretNamed: (name: string) => KubeObject | undefined,
): Scheme | undefined {
  const marks = metadata.annotations ?? {};
  const secret = marks[annotations.apiTlsSecret];
  if (secret === undefined) return { name: 'http' };
  const dnsNames = (marks[annotations.apiNames] ?? '').split(',').filter((text) => text !== '');
  return dnsNames.length === 0 ? undefined : { name: 'https', trust: trustIn(secretNamed(secret), dnsNames) };
}

function trustIn(secret: KubeObject | undefined, dnsNames: readonly string[]): Trust {
  const data = (secret?.['data'] ?? {}) as Readonly<Record<string, string>>;
  const ca = authorityIn(data);
  return { names: dnsNames, ...(ca !== undefined && { ca }) };
}

function originOf(pod: KubeObject, scheme: string, port: string | undefined): string | undefined {
  const { podIP } = (pod['status'] ?? {}) as { readonly podIP?: string };
  return podIP === undefined || port === undefined ? undefined : `${scheme}://${podIP}:${port}`;
}

function valueIn(secret: KubeObject | undefined, key: string): string | undefined {
  const value = (secret?.['data'] as Readonly<Record<string, string>> | undefined)?.[key];
  return value === undefined ? undefined : Buffer.from(value, 'base64').toString();
}
