/** The operator runs as one bundle: what it loads is what it pays for in memory. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';

const client = join(import.meta.dirname, '../../../operator/kube/client.ts');

test('of client-node only its reading of kubeconfigs gets into the bundle, none of its API classes', async () => {
  const { metafile } = await build({
    ...{ entryPoints: [client], bundle: true, minify: true, write: false, metafile: true, outfile: 'x.mjs' },
    ...{ platform: 'node', format: 'esm', target: 'node24', logLevel: 'silent' },
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const bytesOf = (part: string): number =>
    inputs
      .filter(([path]) => path.includes(part))
      .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  expect(bytesOf('client-node/dist/config.js')).toBeGreaterThan(0);
  expect(bytesOf('client-node/dist/gen/apis')).toBe(0);
  expect(Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(1_800_000);
});
