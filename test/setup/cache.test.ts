import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { buildCached, cached, stampOf } from './cache.ts';

let name: string;

beforeEach(async () => {
  name = (await mkdtemp(join(tmpdir(), 'cache-test-'))).slice(tmpdir().length + 1);
});

afterEach(async () => {
  await rm(join(tmpdir(), name), { recursive: true });
  await rm(cached(name), { recursive: true, force: true });
  await rm(cached(`.${name}.stamp`), { force: true });
});

const build = (text: string) => (dir: string) => writeFile(join(dir, 'out'), text);

test('what has the same stamp is not built again', async () => {
  expect((await buildCached(name, 'a', build('first'))).built).toBe(true);
  const { dir, built } = await buildCached(name, 'a', build('second'));
  expect(built).toBe(false);
  expect(await readFile(join(dir, 'out'), 'utf8')).toBe('first');
});

test('another stamp builds afresh, in an empty folder', async () => {
  await buildCached(name, 'a', build('first'));
  const { dir } = await buildCached(name, 'b', build('second'));
  expect(await readFile(join(dir, 'out'), 'utf8')).toBe('second');
});

test('a build that failed is tried again', async () => {
  const failing = (): Promise<void> => Promise.reject(new Error('no space left'));
  await expect(buildCached(name, 'a', failing)).rejects.toThrow('no space left');
  expect((await buildCached(name, 'a', build('second'))).built).toBe(true);
});

test('a stamp depends on every text and file, and on their order', async () => {
  const file = import.meta.filename;
  const stamps = await Promise.all([
    stampOf({ texts: ['a', 'b'] }),
    stampOf({ texts: ['b', 'a'] }),
    stampOf({ texts: ['ab'] }),
    stampOf({ texts: ['a', 'b'], files: [file] }),
  ]);
  expect(new Set(stamps).size).toBe(4);
});
