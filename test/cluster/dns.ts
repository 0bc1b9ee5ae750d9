/** The DNS of the cluster, on a machine of its own: it answers on while the control plane is down. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiRequest } from './api.ts';
import type { Machine } from './machine.ts';

/** What it needs. */
export interface DnsParts {
  readonly machine: Machine;
  readonly command: string;
  readonly dir: string;
  readonly pkiDir: string;
}

/** Seconds that an answer may be kept: short, so that tests see a change soon. CoreDNS's own default. */
const ttlSeconds = 5;

/** Starts CoreDNS on port 53 of the switch's address. */
export async function startDns({ machine, command, dir, pkiDir }: DnsParts): Promise<void> {
  const corefile = join(dir, 'Corefile');
  writeFileSync(
    corefile,
    `.:53 {
  errors
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${join(pkiDir, 'dns.kubeconfig')} rtc
    ttl ${ttlSeconds}
  }
}
`,
  );
  await machine.powerOn();
  machine.start({ name: 'coredns', command, args: ['-conf', corefile] });
}

/** Lets it read what it answers from. */
export async function allowDns(api: ApiRequest): Promise<void> {
  const group = 'rbac.authorization.k8s.io';
  const metadata = { name: 'system:coredns' };
  const verbs = ['list', 'watch'];
  await create(api, 'clusterroles', {
    metadata,
    rules: [
      { apiGroups: [''], resources: ['services', 'pods', 'namespaces'], verbs },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs },
    ],
  });
  await create(api, 'clusterrolebindings', {
    metadata,
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: metadata.name },
    subjects: [{ apiGroup: group, kind: 'User', name: 'system:coredns' }],
  });
}

async function create(api: ApiRequest, resource: string, body: object): Promise<void> {
  const { status, text } = await api('POST', `/apis/rbac.authorization.k8s.io/v1/${resource}`, body);
  if (status !== 201) throw new Error(`creating ${resource} for DNS: ${status} ${text}`);
}
