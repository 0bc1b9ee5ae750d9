import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { knownIn, remember } from './known.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rtc-lint-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('what one run found in order the next one knows, beside what was known before', async () => {
  const file = join(folder, 'lint/eslint');
  expect(await knownIn(file)).toEqual(new Set());
  await remember(file, ['a', 'b']);
  await remember(file, ['b', 'c']);
  expect(await knownIn(file)).toEqual(new Set(['a', 'b', 'c']));
});

it('the oldest are forgotten first', async () => {
  const file = join(folder, 'eslint');
  await remember(file, ['old', 'in use']);
  await remember(file, ['in use', ...Array.from({ length: 49_999 }, (_, at) => `${at}`)]);
  const known = await knownIn(file);
  expect([known.size, known.has('old'), known.has('in use')]).toEqual([50_000, false, true]);
});
