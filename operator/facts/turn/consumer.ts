/** PURE: whether a pod of others uses one of our Secrets, and since when it has what is in it. */
import type { KubeObject } from '../../kube/api.ts';
import type { Consumer } from '../../turn/rotation/adoption.ts';

interface Named {
  readonly name?: string;
}

interface Container {
  readonly name: string;
  readonly envFrom?: readonly { readonly secretRef?: Named }[];
  readonly env?: readonly { readonly valueFrom?: { readonly secretKeyRef?: Named } }[];
  readonly volumeMounts?: readonly Named[];
}

interface Volume extends Named {
  readonly secret?: { readonly secretName?: string };
  readonly projected?: { readonly sources?: readonly { readonly secret?: Named }[] };
}

interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
}

interface ContainerStatus {
  readonly name: string;
  readonly state?: { readonly running?: { readonly startedAt?: string } };
}

interface PodStatus {
  readonly phase?: string;
  /** When the kubelet took it, by the clock of its node. */
  readonly startTime?: string;
  readonly containerStatuses?: readonly ContainerStatus[];
  /** Sidecars are among them. */
  readonly initContainerStatuses?: readonly ContainerStatus[];
}

/** Undefined for a pod that uses none of them, or has ended. It has them since the first of the containers that do was started. */
export function consumerOf(pod: KubeObject, secrets: ReadonlySet<string>): Consumer | undefined {
  const status = (pod['status'] ?? {}) as PodStatus;
  const { phase = '' } = status;
  const spec = (pod['spec'] ?? {}) as PodSpec;
  const using = usersIn(spec, secrets);
  if (using.length === 0 || phase === 'Succeeded' || phase === 'Failed') return undefined;
  const started = startedIn(status, using);
  const { namespace = '', name } = pod.metadata;
  return {
    name: `${namespace}/${name}`,
    ...(started.length > 0 && { startedMs: Math.min(...started) - aheadMs(pod, status) }),
  };
}

/** When those of the containers were started that run, by the clock of their node. */
function startedIn(status: PodStatus, among: readonly string[]): number[] {
  const { containerStatuses = [], initContainerStatuses = [] } = status;
  return [...containerStatuses, ...initContainerStatuses].flatMap(({ name, state }) => {
    const ms = Date.parse(state?.running?.startedAt ?? '');
    return among.includes(name) && !Number.isNaN(ms) ? [ms] : [];
  });
}

/**
 * How far the clock of its node is ahead of the API server's, at most: no kubelet takes a pod before it is created. So
 * a container counts as started no later than it was, and as earlier by as long as the pod had to wait for a node.
 */
function aheadMs({ metadata }: KubeObject, { startTime = '' }: PodStatus): number {
  const ms = Date.parse(startTime) - Date.parse(metadata.creationTimestamp ?? '');
  return Number.isNaN(ms) ? 0 : ms;
}

/** Names of the containers. */
function usersIn(spec: PodSpec, secrets: ReadonlySet<string>): string[] {
  const isOurs = (name: string | undefined): boolean => name !== undefined && secrets.has(name);
  const mounted = new Set(
    (spec.volumes ?? []).filter((one) => secretsOf(one).some(isOurs)).map(({ name }) => name),
  );
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  return containers
    .filter((one) => namesIn(one).some(isOurs) || mounts(one, mounted))
    .map(({ name }) => name);
}

function secretsOf({ secret, projected }: Volume): (string | undefined)[] {
  return [secret?.secretName, ...(projected?.sources ?? []).map((source) => source.secret?.name)];
}

function namesIn({ envFrom = [], env = [] }: Container): (string | undefined)[] {
  return [
    ...envFrom.map(({ secretRef }) => secretRef?.name),
    ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
  ];
}

function mounts({ volumeMounts = [] }: Container, volumes: ReadonlySet<string | undefined>): boolean {
  return volumeMounts.some(({ name }) => volumes.has(name));
}
