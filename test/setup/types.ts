/**
 * `npm run types`: tsc, which looks again only at what changed. A new checkout begins with what tsc knew at the end of
 * the last one: that names files relative to the checkout, each with the hash of what was in it.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cached } from './cache.ts';
import { runNodeHere } from './run.ts';

const root = join(import.meta.dirname, '../..');
const here = join(root, 'node_modules/.cache/types.json');
const kept = cached('types.json');

/** Whole or not at all: others may read it meanwhile. */
async function copyWhole(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const next = `${to}.${process.pid}`;
  await copyFile(from, next);
  await rename(next, to);
}

if (!existsSync(here) && existsSync(kept)) await copyWhole(kept, here);
const args = ['--noEmit', '--incremental', '--tsBuildInfoFile', here];
const code = await runNodeHere(root, 'node_modules/typescript/bin/tsc', args);
if (code === 0) await copyWhole(here, kept);
process.exitCode = code;
