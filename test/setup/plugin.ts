/** `kubectl-rtc` as one file: `node test/setup/plugin.ts FILE`. */
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const [file = join(root, 'dist/kubectl-rtc')] = process.argv.slice(2);

const { engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
  readonly engines: { readonly node: string };
};

/** Stands before all imported code: an older Node breaks in the midst of some package, with a trace that tells nobody why. */
function refusalBelow(oldest: string): string {
  const [major = 0, minor = 0] = oldest.split('.').map(Number);
  return `{
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < ${major} || (major === ${major} && minor < ${minor})) {
    process.stderr.write('kubectl-rtc needs Node ${oldest} or newer, this is ' + process.versions.node + ': put a newer node first in the PATH (npm ci leaves one in node_modules/.bin of the checkout)\\n');
    process.exit(1);
  }
}`;
}

await build({
  entryPoints: [join(root, 'operator/cli/main.ts')],
  outfile: file,
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  legalComments: 'linked',
  logLevel: 'warning',
  banner: {
    js: `import { createRequire } from 'node:module';
${refusalBelow(engines.node.replace('>=', ''))}
const require = createRequire(import.meta.url);`,
  },
});
await chmod(file, 0o755);
