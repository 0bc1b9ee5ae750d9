/** A node: containerd, kubelet and kube-proxy on a machine. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ApiRequest } from '../api.ts';
import type { NodeAddresses } from '../addresses.ts';
import type { Binaries } from '../binaries.ts';
import type { Failures } from '../failures.ts';
import type { Machine } from '../machine.ts';
import { containerdSocket, nodeFiles } from './files.ts';
import type { NodeParts } from './files.ts';
import { containerd, kubelet, kubeProxy } from './programs.ts';

/** What a node is made of. */
export interface NodeOptions {
  readonly machine: Machine;
  readonly parts: NodeParts;
  readonly binaries: Binaries;
  readonly api: ApiRequest;
  readonly failures: Failures;
}

/** A node of a running cluster. */
export interface ClusterNode {
  readonly addresses: NodeAddresses;
  /** Resolves when it can hold images. */
  powerOn(): Promise<void>;
  powerOff(): Promise<void>;
  /** A docker-archive or OCI archive; for later, when there is no power. */
  loadImage(archive: string): Promise<void>;
  /** Starts kubelet and kube-proxy; needs the API server. */
  join(): Promise<void>;
  /** Resolves when the API says that it is Ready. */
  ready(): Promise<void>;
}

/** Writes its configuration. */
export function createNode({ machine, parts, binaries, api, failures }: NodeOptions): ClusterNode {
  const waitingImages = new Set<string>();
  writeFiles(parts);
  const ctr = (...args: readonly string[]): Promise<unknown> =>
    machine.run('ctr', ['--address', containerdSocket(parts.dir), '--namespace', 'k8s.io', ...args]);
  const path = `/api/v1/nodes/${parts.node.name}`;

  return {
    addresses: parts.node,
    powerOff: () => machine.powerOff(),
    async powerOn() {
      await machine.powerOn();
      machine.start(containerd(parts));
      await failures.eventually(() => ctr('version').then(() => undefined), { timeoutMs: 60_000 });
      for (const archive of waitingImages) await ctr('images', 'import', archive);
      waitingImages.clear();
    },
    async loadImage(archive) {
      if (machine.hasPower) await ctr('images', 'import', archive);
      else waitingImages.add(archive);
    },
    async join() {
      machine.start(kubelet(parts, binaries));
      await failures.eventually(() => notRegistered(api, path), { timeoutMs: 60_000 });
      machine.start(kubeProxy(parts, binaries));
    },
    ready: () => failures.eventually(() => notReady(api, path), { timeoutMs: 120_000 }),
  };
}

function writeFiles(parts: NodeParts): void {
  for (const [name, text] of Object.entries(nodeFiles(parts))) {
    const file = join(parts.dir, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

async function notRegistered(api: ApiRequest, path: string): Promise<string | undefined> {
  const { status } = await api('GET', path);
  return status === 200 ? undefined : `${path} answers ${status}`;
}

interface NodeStatus {
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message: string;
    }[];
  };
}

async function notReady(api: ApiRequest, path: string): Promise<string | undefined> {
  const { text } = await api('GET', path);
  const { status } = JSON.parse(text) as NodeStatus;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' ? undefined : `Ready: ${ready?.message ?? 'no such condition'}`;
}
