import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { keepNewest } from '../../../sfu/worker/keepNewest.ts';

test('the newest of a name stay, and everything of another name', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'rtc-newest-'));
  for (const [name, atS] of [
    ['a-1', 10],
    ['a-2', 30],
    ['a-3', 20],
    ['b-1', 1],
  ] as const) {
    mkdirSync(join(parent, name));
    utimesSync(join(parent, name), atS, atS);
  }
  await keepNewest(parent, { isOne: (name) => name.startsWith('a-'), count: 2 });
  expect(readdirSync(parent)).toEqual(['a-2', 'a-3', 'b-1']);
  rmSync(parent, { recursive: true });
});
