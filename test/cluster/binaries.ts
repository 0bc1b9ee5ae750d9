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
const nodePrograms = ['kube-scheduler', 'kubelet', 'kube-proxy'] as const;
const allPrograms = [...controlPlanePrograms, ...nodePrograms, 'coredns'] as const;

/** What a cluster is to have. */
export interface Needs {
  readonly nodes: number;
  readonly dns: boolean;
}

/** A program of the cluster by its name. */
export type ProgramName = (typeof allPrograms)[number];

/** Where each program is. */
export type Binaries = Readonly<Record<ProgramName, string>>;

const sources = join(import.meta.dirname, 'binaries');
const folder = 'cluster-binaries';

/** Whether they have to be built before such a cluster can start. */
export function mustBuildBinaries(needs: Needs): boolean {
  return programsFor(needs).some(
    (name) => provided(name) === undefined && !existsSync(join(cached(folder), name)),
  );
}

/** Builds them unless they are there and up to date: about 7 minutes on 2 cores the first time. */
export async function ensureBinaries(needs: Needs, say: Say): Promise<Binaries> {
  const dir = programsFor(needs).every((name) => provided(name) !== undefined) ? '' : await build(say);
  return Object.fromEntries(allPrograms.map((name) => [name, provided(name) ?? join(dir, name)])) as Binaries;
}

function programsFor({ nodes, dns }: Needs): readonly ProgramName[] {
  return [
    ...controlPlanePrograms,
    ...(nodes > 0 ? nodePrograms : []),
    ...(dns ? (['coredns'] as const) : []),
  ];
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
    for (const name of allPrograms) await symlink('cluster', join(out, name));
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
