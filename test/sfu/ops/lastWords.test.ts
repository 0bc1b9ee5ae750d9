import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { leaveLastWords } from '../../../sfu/ops/lastWords.ts';

let dir: string;
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'rtc-words-'))));
afterEach(() => rm(dir, { recursive: true, force: true }));

test('the reason stands alone in the file that the kubelet made', async () => {
  const file = join(dir, 'termination-log');
  await writeFile(file, '');
  leaveLastWords('cannot listen on tcp 10.0.0.1:8045: address already in use', file);
  expect(await readFile(file, 'utf8')).toBe('cannot listen on tcp 10.0.0.1:8045: address already in use');
});

test('without a kubelet nothing is written', async () => {
  const file = join(dir, 'termination-log');
  leaveLastWords('anything', file);
  await expect(readFile(file)).rejects.toThrow('ENOENT');
});
