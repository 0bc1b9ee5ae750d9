/** Every name, label, annotation and path that the operator, the SFU pods and people agree on. */
import { apiGroup } from '../api/rtccluster.ts';

/** Labels on the objects of a cluster. */
export const labels = {
  /** Name of the RTCCluster an object belongs to. */
  cluster: `${apiGroup}/cluster`,
  /** Name of the TurnServer an object belongs to. */
  turnServer: `${apiGroup}/turnserver`,
  /** `sfu` on SFU pods, `turn` on TURN pods. */
  role: `${apiGroup}/role`,
  /** Pod template revision of an SFU pod. */
  revision: `${apiGroup}/revision`,
  /** `true` on pods in DNS: selected by the headless Service. Adding it publishes, removing it cordons. */
  published: `${apiGroup}/published`,
  /** `true` on pods that may have calls, from DNS until drained: selected by the PodDisruptionBudget. */
  busy: `${apiGroup}/busy`,
  /** On copies of a binding Secret in other namespaces: the namespace and the name of the cluster it is of. */
  bindingNamespace: `${apiGroup}/binding-namespace`,
  bindingCluster: `${apiGroup}/binding-cluster`,
  name: 'app.kubernetes.io/name',
  instance: 'app.kubernetes.io/instance',
  component: 'app.kubernetes.io/component',
  managedBy: 'app.kubernetes.io/managed-by',
} as const;

/** Annotations: on SFU pods the operator's memory, read again after a restart. */
export const annotations = {
  /** Comma list of advertised addresses, the public one first; projected into the pod. */
  address: `${apiGroup}/address`,
  /** When the pod was last published, RFC 3339. A pod without it never was, and never had a call. */
  publishedSince: `${apiGroup}/published-since`,
  /** When the pod was published for the first time, RFC 3339: how long pods take to be of use is learnt from it. */
  firstPublished: `${apiGroup}/first-published`,
  /** TCP port of the API of this very pod, which may have been made before the cluster's was changed. */
  apiPort: `${apiGroup}/api-port`,
  /** Secret with the certificate that this very pod serves its API with; absent without TLS. */
  apiTlsSecret: `${apiGroup}/api-tls-secret`,
  /** Comma list of the names that certificate may be for. Kept up to date: a renewed certificate may be for others. */
  apiNames: `${apiGroup}/api-names`,
  /** On pods that run a stock rtcd: the Secrets of the clients to be registered there, comma list. */
  rtcdClients: `${apiGroup}/rtcd-clients`,
  /** Why the pod is being drained. Removing both drain annotations brings it back. */
  drain: `${apiGroup}/drain`,
  /** When the drain began, RFC 3339. */
  drainStarted: `${apiGroup}/drain-started`,
  /** When the pod goes with the calls that it still has, RFC 3339; absent: it waits for them. People may change it. */
  drainDeadline: `${apiGroup}/drain-deadline`,
  /** `true` on a pod that a rollout has added beyond the wanted ones, until another has left for it. */
  surge: `${apiGroup}/surge`,
  /** On an RTCCluster without `engine.image`: the image that its pods keep. Removing it takes the operator's own. */
  defaultImage: `${apiGroup}/default-image`,
  /** `Cordoned` or `Draining`: what a person wants of the pod. Removing it takes that back. */
  requestedState: `${apiGroup}/requested-state`,
  /** On the ControllerRevision of a revision: since when every pod was last of it; the last of these is the good one. */
  proven: `${apiGroup}/proven-since`,
  /** On the same: since when its canary has stood its trial. */
  canaryPassed: `${apiGroup}/canary-passed-since`,
  /** On the same: why it has failed. Removing it tries the revision once more. */
  failed: `${apiGroup}/failed`,
  /**
   * On an RTCCluster: the Secrets in other namespaces that hold its binding, comma list of `namespace/name`, written
   * before they are: what is out of reach is known by this alone. Removing it says that none are left out of reach.
   */
  bindingCopies: `${apiGroup}/binding-copies`,
  /** On an RTCCluster: any value but `false` keeps us from changing anything. Set by people. */
  paused: `${apiGroup}/paused`,
  /** On TURN pods: digest of the secrets and peers wanted; a change makes the kubelet refresh the mounts at once. */
  turnData: `${apiGroup}/turn-data`,
  /** On a TurnServer: any new value starts a rotation of its secret. Set by people. */
  turnRotate: `${apiGroup}/turn-rotate`,
  /** On a TurnServer: hash of the secret that all consumers have, as a person says who knows those outside. */
  turnAck: `${apiGroup}/turn-ack`,
  /** Read by external-dns on the Service, and on the pods behind it. */
  externalDnsHostname: 'external-dns.alpha.kubernetes.io/hostname',
  externalDnsTtl: 'external-dns.alpha.kubernetes.io/ttl',
  externalDnsTarget: 'external-dns.alpha.kubernetes.io/target',
  /** Obeyed by cluster-autoscaler. */
  safeToEvict: 'cluster-autoscaler.kubernetes.io/safe-to-evict',
  /** Obeyed by Karpenter. */
  doNotDisrupt: 'karpenter.sh/do-not-disrupt',
} as const;

/** Finalizer on an RTCCluster with `deletionPolicy: Drain`. */
export const finalizer = `${apiGroup}/drain`;

/** Field manager of our server-side applies, and value of the managed-by label. */
export const manager = 'rtc-operator';

/** Paths and files inside an SFU pod (the contract in ARCHITECTURE.md). */
export const paths = {
  config: '/etc/rtc/config',
  clients: '/etc/rtc/clients',
  pod: '/etc/rtc/pod',
  tls: '/etc/rtc/tls',
  addressFile: 'address',
  data: '/data',
  temporary: '/tmp',
} as const;

/** Variables of the binding Secret by which Mattermost shows who it is. */
export const bindingKeys = {
  clientID: 'MM_CALLS_RTCD_CLIENT_ID',
  authKey: 'MM_CALLS_RTCD_AUTH_KEY',
} as const;

/** Keys of the Secrets we write. */
export const secretKeys = {
  clientID: 'clientID',
  authKey: 'authKey',
  adminKey: 'adminKey',
  /** Of the agent of a TurnServer: reads `/metrics` and nothing else. */
  metricsKey: 'metricsKey',
  /** The three of a kubernetes.io/tls Secret as cert-manager writes it. */
  certificate: 'tls.crt',
  privateKey: 'tls.key',
  ca: 'ca.crt',
} as const;

/** The parts of an RTCCluster that names are made of. */
export interface Named {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly discovery: { readonly serviceName?: string | undefined };
    readonly binding: { readonly secretName?: string | undefined };
    readonly tls: { readonly api: { readonly secretName?: string | undefined } };
  };
}

/** Names of the objects of one cluster. */
export const names = {
  service: (cluster: Named): string => cluster.spec.discovery.serviceName ?? `${cluster.metadata.name}-rtcd`,
  config: (cluster: Named): string => `${cluster.metadata.name}-sfu`,
  adminSecret: (cluster: Named): string => names.adminSecretOf(cluster.metadata.name),
  /** The same by the cluster's name alone: for who only sees its label. */
  adminSecretOf: (cluster: string): string => `${cluster}-admin`,
  clientSecret: (
    cluster: Named,
    client: { readonly name: string; readonly secretName?: string | undefined },
  ) => client.secretName ?? `${cluster.metadata.name}-client-${client.name}`,
  bindingSecret: (cluster: Named): string =>
    cluster.spec.binding.secretName ?? `${cluster.metadata.name}-mattermost-env`,
  apiTlsSecret: (cluster: Named): string =>
    cluster.spec.tls.api.secretName ?? `${cluster.metadata.name}-api-tls`,
  certificate: (cluster: Named): string => `${cluster.metadata.name}-api`,
  disruptionBudget: (cluster: Named): string => `${cluster.metadata.name}-sfu`,
  revision: (cluster: Named, revision: string): string => `${cluster.metadata.name}-${revision}`,
  /** Numbered, so that a second attempt to create the same pod is refused instead of making one too many. */
  pod: (cluster: Named, index: number): string => `${cluster.metadata.name}-sfu-${index}`,
} as const;

/** Labels that select every SFU pod of a cluster. */
export function podSelector(cluster: Named): Record<string, string> {
  return { [labels.cluster]: cluster.metadata.name, [labels.role]: 'sfu' };
}

/** Labels of everything that belongs to a cluster. */
export function commonLabels(cluster: Named): Record<string, string> {
  return {
    [labels.cluster]: cluster.metadata.name,
    [labels.name]: 'rtc-sfu',
    [labels.instance]: cluster.metadata.name,
    [labels.managedBy]: manager,
  };
}
