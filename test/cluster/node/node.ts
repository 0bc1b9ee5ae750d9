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
  const { dir, pkiDir, node } = parts;
  const waitingImages = new Set<string>();
  for (const [name, text] of Object.entries(nodeFiles(parts))) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  const ctr = (...args: readonly string[]): Promise<unknown> =>
    machine.run('ctr', ['--address', containerdSocket(dir), '--namespace', 'k8s.io', ...args]);
  const path = `/api/v1/nodes/${node.name}`;

  return {
    addresses: node,
    powerOff: () => machine.powerOff(),
    async powerOn() {
      await machine.powerOn();
      machine.start({
        name: 'containerd',
        command: 'containerd',
        args: ['--config', `${dir}/containerd.toml`],
      });
      await failures.eventually(() => ctr('version').then(() => undefined), { timeoutMs: 60_000 });
      for (const archive of waitingImages) await ctr('images', 'import', archive);
      waitingImages.clear();
    },
    async loadImage(archive) {
      if (machine.hasPower) await ctr('images', 'import', archive);
      else waitingImages.add(archive);
    },
    async join() {
      machine.start({
        name: 'kubelet',
        command: binaries.kubelet,
        args: [
          `--config=${dir}/kubelet.json`,
          `--kubeconfig=${join(pkiDir, `${node.name}.kubeconfig`)}`,
          `--hostname-override=${node.name}`,
          `--node-ip=${node.address}`,
          '--root-dir=/var/lib/kubelet',
        ],
      });
      // Looks its node up once at start, and then not again for half a minute.
      await failures.eventually(
        async () => ((await api('GET', path)).status === 200 ? undefined : 'its Node object'),
        {
          timeoutMs: 60_000,
        },
      );
      machine.start({
        name: 'kube-proxy',
        command: binaries['kube-proxy'],
        args: [`--config=${dir}/kube-proxy.json`],
      });
    },
    ready: () => failures.eventually(() => notReady(api, path), { timeoutMs: 120_000 }),
  };
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
