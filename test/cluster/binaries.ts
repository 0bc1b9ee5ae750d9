/**
 * The programs of the cluster: one binary from Go modules (binaries/), built
 * once into the cache; those that `KUBEBUILDER_ASSETS` has are taken from there.
 */
import { existsSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { buildCached, cached, stampOf } from '../setup/cache.ts';
import type { Say } from '../setup/progress.ts';
import { run } from '../setup/run.ts';

/** Kubernetes of the cluster. The same as in binaries/go.mod. */
export const kubernetesVersion = 'v1.34.4';

const controlPlanePrograms = ['etcd', 'kube-apiserver', 'kube-controller-manager'] as const;
const nodePrograms = ['kube-scheduler', 'kubelet', 'kube-proxy', 'coredns'] as const;

/** A program of the cluster by its name. */
export type ProgramName = (typeof controlPlanePrograms)[number] | (typeof nodePrograms)[number];

/** Where each program is. */
export type Binaries = Readonly<Record<ProgramName, string>>;

const sources = join(import.meta.dirname, 'binaries');
const folder = 'cluster-binaries';

/** Whether they have to be built before a cluster with `nodes` nodes can start. */
export function mustBuildBinaries(nodes: number): boolean {
  const needed = nodes === 0 ? controlPlanePrograms : [...controlPlanePrograms, ...nodePrograms];
  return needed.some((name) => provided(name) === undefined && !existsSync(join(cached(folder), name)));
}

/** Builds them unless they are there and up to date: about 7 minutes on 2 cores the first time. */
export async function ensureBinaries(nodes: number, say: Say): Promise<Binaries> {
  const needed = nodes === 0 ? controlPlanePrograms : [...controlPlanePrograms, ...nodePrograms];
  const dir = needed.every((name) => provided(name) !== undefined) ? '' : await build(say);
  const all = [...controlPlanePrograms, ...nodePrograms];
  return Object.fromEntries(all.map((name) => [name, provided(name) ?? join(dir, name)])) as Binaries;
}

function provided(name: ProgramName): string | undefined {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  if (assets === undefined || assets === '') return undefined;
  const file = join(assets, name);
  return existsSync(file) ? file : undefined;
}

async function build(say: Say): Promise<string> {
  const stamp = await stampOf({
    texts: [kubernetesVersion],
    files: ['go.mod', 'go.sum', 'main.go'].map((name) => join(sources, name)),
  });
  const { dir } = await buildCached(folder, stamp, async (out) => {
    say(`Kubernetes ${kubernetesVersion}: building from Go modules (about 7 minutes the first time)`);
    await run('nice', ['go', 'build', '-ldflags', linkerFlags(), '-o', join(out, 'cluster'), '.'], {
      cwd: sources,
      env: { CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' },
    });
    for (const name of [...controlPlanePrograms, ...nodePrograms]) await symlink('cluster', join(out, name));
    say(`Kubernetes ${kubernetesVersion}: built`);
  });
  return dir;
}

/** The version that the programs report; helm's `kubeVersion` looks at it. */
function linkerFlags(): string {
  const [major = '', minor = ''] = kubernetesVersion.slice(1).split('.');
  const values = {
    gitVersion: kubernetesVersion,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'clean',
    gitCommit: kubernetesVersion,
    buildDate: '2026-01-01T00:00:00Z',
  };
  const packages = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];
  const settings = packages.flatMap((name) =>
    Object.entries(values).map(([key, value]) => `-X ${name}.${key}=${value}`),
  );
  return ['-s', '-w', ...settings].join(' ');
}
