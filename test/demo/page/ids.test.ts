import { expect, test } from '@jest/globals';

import { idOf } from '../../../demo/page/server/ids.ts';

test('an id has 26 characters of Mattermost’s alphabet', () => {
  expect(idOf(Uint8Array.from({ length: 16 }, (_, index) => index * 17))).toMatch(
    /^[ybndrfg8ejkmcpqxot1uwisza345h769]{26}$/,
  );
});

test('different bytes are different ids', () => {
  expect(idOf(new Uint8Array(16))).toBe('y'.repeat(26));
  expect(idOf(new Uint8Array(16).fill(255))).toBe(`${'9'.repeat(25)}h`);
});
