/** TURN pods and Secrets → whom to ask, with which key, and what to try there. PURE. */
import { labels, secretKeys } from '../../desired/names.ts';
import { turnPorts, turnSecretKeys } from '../../desired/turn/names.ts';
import type { KubeObject } from '../../kube/api.ts';
import type { SecretLookup, Target } from '../targets.ts';

/** One TURN pod to be asked. */
export interface TurnTarget extends Target {
  /** Where an allocation is tried. */
  readonly trial: {
    readonly host: string;
    readonly port: number;
    readonly transport: 'udp' | 'tcp';
    readonly realm: string;
  };
  /** What credentials may be made with, now or soon. */
  readonly secrets: readonly string[];
}

/** What of a TurnServer its targets depend on. */
export interface TurnTargetContext {
  /** The queue key that news are about. */
  readonly key: string;
  readonly realm: string;
  readonly agentSecret: string;
  readonly authSecret: string;
  readonly secretNamed: SecretLookup;
}

/** The target that a pod is; undefined while it has no address, or there is no key to its agent. */
export function turnTargetOf(pod: KubeObject, context: TurnTargetContext): TurnTarget | undefined {
  const { uid, namespace = '', labels: found } = pod.metadata;
  const { podIP: host } = (pod['status'] ?? {}) as { readonly podIP?: string };
  const { agentSecret, authSecret, secretNamed } = context;
  const adminKey = valueIn(secretNamed(namespace, agentSecret), secretKeys.adminKey);
  const port = plainPort(pod);
  if (uid === undefined || host === undefined || adminKey === undefined || port === undefined)
    return undefined;
  if (found?.[labels.turnServer] === undefined) return undefined;
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${turnPorts.agent}`;
  const auth = secretNamed(namespace, authSecret);
  return {
    ...{ uid, cluster: context.key, origin, adminKey },
    trial: { host, realm: context.realm, ...port },
    secrets: [turnSecretKeys.secret, turnSecretKeys.next].flatMap((key) => valueIn(auth, key) ?? []),
  };
}

interface PodPorts {
  readonly containers?: readonly {
    readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  }[];
}

/** Of this very pod, which may be of an earlier spec. */
function plainPort(
  pod: KubeObject,
): { readonly port: number; readonly transport: 'udp' | 'tcp' } | undefined {
  const { containers = [] } = (pod['spec'] ?? {}) as PodPorts;
  const ports = containers.flatMap((container) => container.ports ?? []);
  const transport = (['udp', 'tcp'] as const).find((one) => ports.some(({ name }) => name === `turn-${one}`));
  const port = ports.find(({ name }) => name === `turn-${transport ?? ''}`)?.containerPort;
  return transport === undefined || port === undefined ? undefined : { port, transport };
}

function valueIn(secret: KubeObject | undefined, key: string): string | undefined {
  const value = (secret?.['data'] as Readonly<Record<string, string>> | undefined)?.[key];
  return value === undefined || value === '' ? undefined : Buffer.from(value, 'base64').toString();
}
