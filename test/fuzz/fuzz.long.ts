import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

test('make fuzz finds nothing in three minutes', () => {
  const root = join(import.meta.dirname, '../..');
  const { stdout } = spawnSync('make', ['fuzz', 'FUZZ=--minutes 3'], { cwd: root, encoding: 'utf8' });
  expect(stdout.trimEnd().split('\n').slice(-40).join('\n')).toMatch(/\n\d+ passed, 0 failed$/);
}, 600_000);
