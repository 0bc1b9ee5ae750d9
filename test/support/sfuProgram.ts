/** The SFU as its image runs it: the bundle that `Dockerfile.sfu` makes, and the flags of Node there. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from '../setup/run.ts';

const root = join(import.meta.dirname, '../..');
const esbuild = join(root, 'node_modules/.bin/esbuild');

/** What the image starts Node with. */
export async function sfuNodeFlags(): Promise<readonly string[]> {
  const entry = (await instructions()).find((line) => line.startsWith('ENTRYPOINT ')) ?? 'ENTRYPOINT []';
  return (JSON.parse(entry.slice('ENTRYPOINT '.length)) as string[]).filter((word) => word.startsWith('--'));
}

/** Makes the bundle in `dir`, by the instruction of the Dockerfile itself; resolves with its path. */
export async function bundleSfu(dir: string): Promise<string> {
  const instruction = (await instructions()).find((line) => line.includes('esbuild sfu/main.ts'));
  if (instruction === undefined) throw new Error('Dockerfile.sfu has no "esbuild sfu/main.ts" any more');
  const script = instruction
    .slice('RUN '.length)
    .replace('/tools/node_modules/.bin/esbuild', esbuild)
    .replace('/out/', `${dir}/`);
  await run('sh', ['-c', `cd "${root}" && ${script}`]);
  return join(dir, 'main.mjs');
}

/** One line each, comments left out. */
async function instructions(): Promise<readonly string[]> {
  const text = await readFile(join(root, 'Dockerfile.sfu'), 'utf8');
  return text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n');
}
