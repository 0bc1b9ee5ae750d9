import { mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { run } from '../../setup/run.ts';
import { imageArchive } from './archive.ts';
import { tar } from './tar.ts';
import type { TarEntry } from './tar.ts';

let dir = '';
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'rtc-archive-'))));
afterAll(() => rm(dir, { recursive: true }));

const entries: readonly TarEntry[] = [
  { path: 'bin', kind: 'directory' },
  { path: 'bin/tool', kind: 'file', mode: 0o755, content: Buffer.from('x'.repeat(513)) },
  { path: 'bin/alias', kind: 'link', target: 'tool' },
];

test('the system’s tar unpacks what we pack', async () => {
  await writeFile(join(dir, 'a.tar'), tar(entries));
  await run('tar', ['-xf', 'a.tar'], { cwd: dir });
  expect((await readFile(join(dir, 'bin/tool'))).length).toBe(513);
  expect((await stat(join(dir, 'bin/tool'))).mode & 0o777).toBe(0o755);
  expect(await readlink(join(dir, 'bin/alias'))).toBe('tool');
});

test('the same parts give the same bytes', () => {
  const parts = { reference: 'localhost/a:1', entries, architecture: 'amd64' };
  expect(imageArchive(parts).equals(imageArchive(parts))).toBe(true);
});

test('a path that ustar cannot hold is refused rather than cut', () => {
  expect(() => tar([{ path: 'a'.repeat(101), kind: 'file' }])).toThrow('path too long');
});
