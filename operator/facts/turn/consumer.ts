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

interface PodStatus {
  readonly phase?: string;
  readonly containerStatuses?: readonly {
    readonly name: string;
    readonly state?: { readonly running?: { readonly startedAt?: string } };
  }[];
}

/** Undefined for a pod that uses none of them, or has ended. It has them since the first of the containers that do was started. */
export function consumerOf(pod: KubeObject, secrets: ReadonlySet<string>): Consumer | undefined {
  const { phase = '', containerStatuses = [] } = (pod['status'] ?? {}) as PodStatus;
  const spec = (pod['spec'] ?? {}) as PodSpec;
  const using = usersIn(spec, secrets);
  if (using.length === 0 || phase === 'Succeeded' || phase === 'Failed') return undefined;
  const started = containerStatuses.flatMap(({ name, state }) => {
    const ms = Date.parse(state?.running?.startedAt ?? '');
    return using.includes(name) && !Number.isNaN(ms) ? [ms] : [];
  });
  const { namespace = '', name } = pod.metadata;
  return {
    name: `${namespace}/${name}`,
    ...(started.length > 0 && { startedMs: Math.min(...started) }),
  };
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
