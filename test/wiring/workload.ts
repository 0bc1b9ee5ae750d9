/** Asks Kubernetes for what a Mattermost was given, and what it should have been given. */
import type { ToolRunner } from '../cluster/toolRunner.ts';
import type { Binding, Environment, EnvironmentValue, Seen } from './findings.ts';

type Kubectl = ToolRunner['kubectl'];

/** The names of all that is looked at. */
export interface Names {
  /** Of the RTCCluster. */
  readonly cluster: string;
  readonly clusterNamespace: string;
  /** Of Mattermost. */
  readonly namespace: string;
  /** `deployment/mattermost`. */
  readonly workload?: string;
}

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

interface Container {
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly { readonly prefix?: string; readonly secretRef?: { readonly name: string } }[];
}

interface Metadata {
  readonly creationTimestamp: string;
  readonly managedFields?: readonly { readonly time?: string }[];
}

/** The part of `Seen` that Kubernetes knows. */
export async function askKubernetes(
  kubectl: Kubectl,
  names: Names,
): Promise<Pick<Seen, 'ready' | 'binding' | 'environment' | 'startedMs'>> {
  const { namespace, workload } = names;
  const cluster = await object(kubectl, names.clusterNamespace, `rtccluster/${names.cluster}`);
  const binding = await bindingOf(kubectl, namespace, secretNameOf(cluster, names.cluster));
  const found = workload === undefined ? {} : await workloadOf(kubectl, { namespace, workload, binding });
  const ready = readyOf(cluster);
  return { ...(ready && { ready }), ...(binding && { binding }), ...found };
}

async function object(kubectl: Kubectl, namespace: string, name: string): Promise<Found | undefined> {
  const flags = ['-o', 'json', '--show-managed-fields', '--ignore-not-found'];
  const text = await kubectl('get', name, '--namespace', namespace, ...flags);
  return text.trim() === '' ? undefined : (JSON.parse(text) as Found);
}

interface Found {
  readonly metadata: Metadata;
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly binding?: { readonly secretName?: string };
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template?: { readonly spec: { readonly containers: readonly Container[] } };
  };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message: string;
    }[];
  };
}

function secretNameOf(cluster: Found | undefined, name: string): string {
  return cluster?.spec?.binding?.secretName ?? `${name}-mattermost-env`;
}

function readyOf(cluster: Found | undefined): Seen['ready'] {
  if (cluster === undefined) return undefined;
  const ready = cluster.status?.conditions?.find(({ type }) => type === 'Ready');
  return ready ?? { status: 'Unknown', message: 'the operator has said nothing of it: does it run?' };
}

async function bindingOf(kubectl: Kubectl, namespace: string, name: string): Promise<Binding | undefined> {
  const secret = await object(kubectl, namespace, `secret/${name}`);
  if (secret === undefined) return undefined;
  const { creationTimestamp, managedFields = [] } = secret.metadata;
  const times = [creationTimestamp, ...managedFields.flatMap(({ time }) => time ?? [])];
  const values = Object.entries(secret.data ?? {}).map(([key, value]) => [
    key,
    Buffer.from(value, 'base64').toString(),
  ]);
  return {
    name,
    values: Object.fromEntries(values) as Record<string, string>,
    changedMs: Math.max(...times.map((time) => Date.parse(time))),
  };
}

async function workloadOf(
  kubectl: Kubectl,
  of: { readonly namespace: string; readonly workload: string; readonly binding: Binding | undefined },
): Promise<Pick<Seen, 'environment' | 'startedMs'>> {
  const { namespace, workload, binding } = of;
  const found = await object(kubectl, namespace, workload);
  const containers = found?.spec?.template?.spec.containers;
  if (containers === undefined)
    throw new Error(`there is no ${workload} in namespace ${namespace}: name it with --workload`);
  const selector = Object.entries(found?.spec?.selector?.matchLabels ?? {}).map((pair) => pair.join('='));
  const pods = await kubectl(
    'get',
    'pods',
    '--namespace',
    namespace,
    '--selector',
    selector.join(','),
    '-o',
    'json',
  );
  return { environment: environmentOf(containers, binding), startedMs: startsOf(pods) };
}

/** As the kubelet puts it together: what is named by itself wins over whole Secrets. Other sources are not followed. */
export function environmentOf(containers: readonly Container[], binding: Binding | undefined): Environment {
  const whole = containers.flatMap(({ envFrom = [] }) =>
    envFrom.flatMap(({ prefix = '', secretRef }) =>
      secretRef?.name !== binding?.name || binding === undefined
        ? []
        : Object.keys(binding.values).map(
            (key) => [`${prefix}${key}`, { secret: binding.name, key }] as const,
          ),
    ),
  );
  const single = containers.flatMap(({ env = [] }) => env.flatMap((variable) => valueOf(variable)));
  return Object.fromEntries([...whole, ...single]);
}

function valueOf({ name, value, valueFrom }: EnvVar): readonly (readonly [string, EnvironmentValue])[] {
  const secret = valueFrom?.secretKeyRef;
  if (secret !== undefined) return [[name, { secret: secret.name, key: secret.key }]];
  return value === undefined ? [] : [[name, { value }]];
}

interface PodList {
  readonly items: readonly {
    readonly status: {
      readonly containerStatuses?: readonly {
        readonly state: { readonly running?: { readonly startedAt: string } };
      }[];
    };
  }[];
}

/** The earliest running container of each pod counts. */
function startsOf(text: string): readonly number[] {
  return (JSON.parse(text) as PodList).items.flatMap(({ status }) => {
    const starts = (status.containerStatuses ?? []).flatMap(({ state }) => state.running?.startedAt ?? []);
    return starts.length === 0 ? [] : [Math.min(...starts.map((time) => Date.parse(time)))];
  });
}

/** `NAME=value` lines, as systemd's EnvironmentFile and `docker --env-file` have them; quotes around a value are dropped. */
export function readEnvFile(text: string): Environment {
  const lines = [...text.matchAll(/^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*?)\s*$/gm)];
  return Object.fromEntries(
    lines.map(([, name = '', value = '']) => [name, { value: value.replace(/^(["'])(.*)\1$/, '$2') }]),
  );
}
