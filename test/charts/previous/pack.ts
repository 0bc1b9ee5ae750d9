/**
 * `node test/charts/previous/pack.ts COMMIT VERSION`: packs the chart and the operator of an older commit, for the tests of
 * upgrades. Done anew after a release, with the commit and the version that were released; needs a clone with its history.
 */
import { build } from 'esbuild';
import { mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { ensureTools } from '../../cluster/tools.ts';
import { startProgress } from '../../setup/progress.ts';
import { run } from '../../setup/run.ts';

const here = import.meta.dirname;
const root = join(here, '../../..');
const [commit, version] = process.argv.slice(2);
if (commit === undefined || version === undefined)
  throw new Error('node test/charts/previous/pack.ts COMMIT VERSION');

const dir = await mkdtemp(join(tmpdir(), 'rtc-previous-'));
try {
  await run('sh', ['-c', `git archive ${commit} charts operator package.json | tar -x -C ${dir}`], {
    cwd: root,
  });
  await symlink(join(root, 'node_modules'), join(dir, 'node_modules'));
  const { helm } = await ensureTools(startProgress());
  const versions = ['--version', version, '--app-version', version];
  await run(helm[4], ['package', join(dir, 'charts/rtc-operator'), ...versions, '--destination', dir]);
  await rename(join(dir, `rtc-operator-${version}.tgz`), join(here, 'chart.tgz'));
  // The chart has it now.
  await rm(join(here, 'turnservers.yaml'), { force: true });
  const outfile = join(dir, 'main.mjs');
  await build({
    ...{ entryPoints: [join(dir, 'operator/main.ts')], bundle: true, minify: true, outfile },
    ...{ platform: 'node', format: 'esm', target: 'node24', logLevel: 'warning' },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  await writeFile(join(here, 'operator.mjs.br'), brotliCompressSync(await readFile(outfile)));
  const { stdout } = await run('git', ['rev-parse', commit], { cwd: root });
  await writeFile(
    join(here, 'version.json'),
    `${JSON.stringify({ version, commit: stdout.trim() }, null, 2)}\n`,
  );
} finally {
  await rm(dir, { recursive: true, force: true });
}
