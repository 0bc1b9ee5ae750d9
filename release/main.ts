/**
 * `npm run release -- DIR`: what a release consists of, from this very commit: the packed chart, the definitions as one file,
 * kubectl-rtc, a list of the parts of each program (CycloneDX), with `--images` the images as archives, and checksums. The
 * same commit makes the same bytes; for images docs/releases.md says what that rests on.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { libsrtp } from '../sfu/worker/libsrtp.ts';
import { installedVersions, buildLibraries } from '../sfu/worker/packages.ts';
import { installedMediasoup } from '../sfu/worker/locate.ts';
import { run } from '../test/setup/run.ts';
import { bundledPackages } from './bundled.ts';
import { publicUrl } from './sourceUrl.ts';
import { type Bom, debianParts, type NativePart, releaseBom } from './sbom.ts';

/** Images, and the packages that their Dockerfiles put beside the bundles. */
const beside: Readonly<Record<string, readonly string[]>> = {
  operator: [],
  sfu: ['node_modules/node-datachannel'],
};

const root = join(import.meta.dirname, '..');
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { images: { type: 'boolean' }, source: { type: 'string' } },
});
const [where] = positionals;
if (where === undefined)
  throw new Error('npm run release -- DIR [--images]: name the folder that the release is written to');
const dir = resolve(where);
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
const epochS = Number((await git('log', '-1', '--format=%ct')).trim());

await mkdir(dir, { recursive: true });
await packChart();
await writeDefinitions();
await run('npm', ['run', '--silent', 'kubectl-rtc'], { cwd: root });
await copyFile(join(root, 'dist/kubectl-rtc'), join(dir, 'kubectl-rtc'));
await writeBoms();
if (values.images === true) await copyImages();
await writeSums();

async function git(...args: readonly string[]): Promise<string> {
  return (await run('git', args, { cwd: root })).stdout;
}

/** `helm package` writes the time into the archive; this one has that of the commit. */
async function packChart(): Promise<void> {
  const ignored = ['.helmignore', 'ci'].map((name) => `--exclude=rtc-operator/${name}`);
  const order = [
    '--sort=name',
    `--mtime=@${epochS}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mode=u=rwX,go=rX',
  ];
  const file = join(dir, `rtc-operator-${version}.tgz`);
  const tar = [
    'tar',
    ...order,
    ...ignored,
    '--format=ustar',
    '-C',
    join(root, 'charts'),
    '-cf',
    '-',
    'rtc-operator',
  ];
  await run('sh', ['-c', `${tar.map((word) => `'${word}'`).join(' ')} | gzip -9n > '${file}'`]);
}

async function writeDefinitions(): Promise<void> {
  const folder = join(root, 'crds');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  await writeFile(join(dir, 'crds.yaml'), texts.join('---\n'));
}

/** One for each image: what is bundled into its programs, and no package that only another one needs. */
async function writeBoms(): Promise<void> {
  const kinds = ['--sbom-format=cyclonedx', '--omit=dev', '--omit=optional', '--package-lock-only'];
  const npm = JSON.parse((await run('npm', ['sbom', ...kinds], { cwd: root })).stdout) as Bom;
  const { version: worker } = installedMediasoup();
  const native: NativePart[] = [
    {
      ...{ name: 'mediasoup-worker', version: worker },
      purl: `pkg:github/versatica/mediasoup@${worker}`,
    },
    {
      ...{ name: 'libsrtp', version: libsrtp.version },
      purl: `pkg:github/cisco/libsrtp@v${libsrtp.version}`,
    },
    ...debianParts(await installedVersions(buildLibraries)),
  ];
  for (const [name, folders] of Object.entries(beside)) {
    const packages = await bundledPackages(root, `Dockerfile.${name}`, folders);
    const facts = { name: `rtc-${name}`, version, epochS, packages };
    const bom = releaseBom(npm, name === 'sfu' ? native : [], facts);
    await writeFile(join(dir, `sbom-${name}.cdx.json`), `${JSON.stringify(bom, null, 2)}\n`);
  }
}

/** For this machine's architecture; the other one is a recipe (DECISIONS.md). */
async function copyImages(): Promise<void> {
  const { buildImages } = await import('../test/setup/images.ts');
  const revision = (await git('rev-parse', 'HEAD')).trim();
  const images = await buildImages({
    say: (line) => void process.stderr.write(`${line}\n`),
    release: { revision, epochS, source: await sourceUrl() },
  });
  for (const [name, { tar }] of Object.entries(images) as [string, { tar: string }][])
    await copyFile(
      tar,
      join(dir, `rtc-${name}-${version}-${process.arch === 'x64' ? 'amd64' : process.arch}.tar`),
    );
}

/** A label of the images: whoever holds one finds where it comes from. */
async function sourceUrl(): Promise<string> {
  const found = publicUrl(values.source ?? (await git('remote', 'get-url', 'origin').catch(() => '')));
  if (found !== '') return found;
  throw new Error(
    'Images say where their sources are: name it with --source URL, or give the checkout a remote named origin',
  );
}

/** As `sha256sum --check` reads it. */
async function writeSums(): Promise<void> {
  const names = (await readdir(dir)).filter((name) => name !== 'SHA256SUMS').toSorted();
  const lines = await Promise.all(
    names.map(async (name) => {
      const hash = createHash('sha256').update(await readFile(join(dir, name)));
      return `${hash.digest('hex')}  ${name}\n`;
    }),
  );
  await writeFile(join(dir, 'SHA256SUMS'), lines.join(''));
}
