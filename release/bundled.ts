/** Which packages are bundled into the programs of an image: told by esbuild itself, run as its Dockerfile says. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../test/setup/run.ts';

/**
 * As npm names them, `undici@7.1.0`, sorted; `beside` are folders of packages that lie beside the bundle. All paths are
 * below `root`; `dockerfile` is one of them.
 */
export async function bundledPackages(
  root: string,
  dockerfile: string,
  beside: readonly string[] = [],
): Promise<readonly string[]> {
  const dir = await mkdtemp(join(tmpdir(), 'rtc-bundled-'));
  try {
    const files: string[] = [];
    for (const instruction of bundlings(await readFile(join(root, dockerfile), 'utf8'))) {
      const script = instruction
        .replace('/tools/node_modules/.bin/esbuild', join(root, 'node_modules/.bin/esbuild'))
        .replaceAll('=/out', `=${dir}/out`);
      await run('sh', ['-c', `${script} --metafile=${dir}/meta.json`], { cwd: root });
      const meta = JSON.parse(await readFile(join(dir, 'meta.json'), 'utf8')) as { readonly inputs: object };
      files.push(...Object.keys(meta.inputs));
    }
    const folders = [...new Set([...packagesOf(files), ...beside])];
    return (await Promise.all(folders.map((folder) => nameOf(join(root, folder))))).toSorted();
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** PURE: the commands of a Dockerfile that bundle a program, without what follows on them. */
export function bundlings(dockerfile: string): readonly string[] {
  return dockerfile
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => /^RUN \S*\/esbuild .*--bundle/.test(line))
    .map((line) => (line.slice('RUN '.length).split(' && ')[0] ?? '').trim());
}

async function nameOf(folder: string): Promise<string> {
  const { name, version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
  };
  return `${name}@${version}`;
}

/** PURE: paths of files → those of their packages. */
export function packagesOf(files: readonly string[]): readonly string[] {
  const found = files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(found)].toSorted();
}
