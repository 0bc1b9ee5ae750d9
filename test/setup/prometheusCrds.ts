/** The Prometheus operator's own CustomResourceDefinitions, from its Go module: what our objects are held against. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

import { buildCached, stampOf } from './cache.ts';
import type { Say } from './progress.ts';
import { run } from './run.ts';

const prometheusOperator = 'github.com/prometheus-operator/prometheus-operator@v0.80.1';
const kinds = ['podmonitors', 'prometheusrules'] as const;

/** Their files, from the cache or the Go module proxy. */
export async function ensurePrometheusCrds(say: Say): Promise<readonly string[]> {
  const nameOf = (kind: string): string => `monitoring.coreos.com_${kind}.yaml`;
  const stamp = await stampOf({ texts: [prometheusOperator, ...kinds] });
  const { dir } = await buildCached('prometheus-crds', stamp, async (out) => {
    say(`${prometheusOperator}: fetching its CustomResourceDefinitions`);
    const { stdout } = await run('go', ['mod', 'download', '-json', prometheusOperator], { cwd: out });
    const { Dir: module } = JSON.parse(stdout) as { readonly Dir: string };
    const from = join(module, 'example/prometheus-operator-crd');
    for (const kind of kinds) await copyFile(join(from, nameOf(kind)), join(out, nameOf(kind)));
  });
  return kinds.map((kind) => join(dir, nameOf(kind)));
}
