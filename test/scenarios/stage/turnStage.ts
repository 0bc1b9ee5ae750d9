/** The TurnServer `edge` of a story: real coturns on real nodes, for clients that resolve its name by the cluster's DNS. */
import { discoverByDns } from '../../../demo/page/server/discovery.ts';
import type { TurnServerStatus } from '../../../operator/api/turnserver.ts';
import { createAuthority } from '../../cluster/certificates.ts';
import type { Cluster } from '../../cluster/options.ts';
import { eventually } from '../../support/eventually.ts';

/** Of the object. */
const name = 'edge';
/** What clients are told, and what the certificate is for. */
export const turnServerName = 'turn.story.test';

/** What a story does with it. */
export interface TurnStage {
  status(): Promise<Partial<TurnServerStatus>>;
  /** Waits until the status is as asked: `wanted` says what is missing. Default patience: three minutes. */
  until(wanted: (status: Partial<TurnServerStatus>) => string | undefined, timeoutMs?: number): Promise<void>;
  /** Waits until so many pods are published and no other pod is there. */
  untilOnlyPublished(count: number): Promise<void>;
  patch(spec: Readonly<Record<string, unknown>>): Promise<void>;
  /** Of the group of the API. */
  annotate(key: string, value: string): Promise<void>;
  /** Of its Secret: the keys that credentials are made with. */
  secret(): Promise<Readonly<Record<string, string>>>;
  /** Of the published coturns, as DNS has them now. */
  addresses(): Promise<readonly string[]>;
}

/** Makes it and its certificate; nobody waits for it here. */
export async function applyTurnServer(
  cluster: Cluster,
  spec: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { certificate, key } = createAuthority('story').issue({
    subject: { commonName: turnServerName },
    usage: 'server',
    names: [turnServerName],
  });
  const labels = { 'rtc.progressnet.gr/turnserver': name };
  const secretName = `${name}-certificate`;
  const objects = [
    {
      ...{ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls' },
      metadata: { name: secretName, labels },
      stringData: { 'tls.crt': certificate, 'tls.key': key },
    },
    {
      ...{ apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'TurnServer', metadata: { name } },
      spec: {
        network: { serverName: turnServerName },
        tls: { mode: 'Secret', secretName },
        peers: { allow: [{ rtcClusters: { matchNames: ['calls'] } }] },
        ...spec,
      },
    },
  ];
  for (const object of objects) await cluster.kubectlWithInput(JSON.stringify(object), 'apply', '-f', '-');
}

/** Of the one that `applyTurnServer` made. */
export function turnStageOf(cluster: Cluster): TurnStage {
  const status = async (): Promise<Partial<TurnServerStatus>> => {
    const text = await cluster.kubectl('get', 'turnserver', name, '-o', 'json');
    return (JSON.parse(text) as { readonly status?: TurnServerStatus }).status ?? {};
  };
  const until: TurnStage['until'] = (wanted, timeoutMs = 180_000) =>
    eventually(
      async () => {
        const now = await status();
        const missing = wanted(now);
        return missing === undefined ? undefined : `${missing}; ${inWords(now)}`;
      },
      { timeoutMs, intervalMs: 300 },
    );
  const discover = discoverByDns(`${name}-turn.default.svc.cluster.local`, cluster.dnsServer);
  return {
    status,
    until,
    untilOnlyPublished: (count) =>
      until(({ members = [] }) => {
        const published = members.filter(({ state }) => state === 'Published').length;
        return published === count && members.length === count ? undefined : `wanted: ${count} published`;
      }),
    patch: async (spec) => {
      const body = JSON.stringify({ spec });
      await cluster.kubectl('patch', 'turnserver', name, '--type=merge', '-p', body);
    },
    annotate: async (key, value) => {
      const pair = `rtc.progressnet.gr/${key}=${value}`;
      await cluster.kubectl('annotate', '--overwrite', 'turnserver', name, pair);
    },
    secret: () => readSecret(cluster, `${name}-turn`),
    addresses: async () => {
      const answer = await discover();
      if (!answer.ok) throw new Error(answer.reason);
      return answer.addresses;
    },
  };
}

/** Its values as text. */
export async function readSecret(
  cluster: Pick<Cluster, 'kubectl'>,
  secret: string,
): Promise<Readonly<Record<string, string>>> {
  const text = await cluster.kubectl('get', 'secret', secret, '-o', 'json');
  const { data = {} } = JSON.parse(text) as { readonly data?: Readonly<Record<string, string>> };
  const read = ([key, value]: [string, string]): [string, string] => [
    key,
    Buffer.from(value, 'base64').toString(),
  ];
  return Object.fromEntries(Object.entries(data).map(read));
}

function inWords({ members = [], conditions = [] }: Partial<TurnServerStatus>): string {
  const pods = members.map((member) => `${member.name} is ${member.state}: ${member.message ?? ''}`);
  const wrong = conditions.filter(({ type }) => type === 'Ready').map(({ message }) => message);
  return [...pods, ...wrong].join('; ');
}
