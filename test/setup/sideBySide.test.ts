import { expect, test } from '@jest/globals';

import { sideBySide } from './sideBySide.ts';

test('as many as asked for are under way, begun in order, and what comes out keeps the order', async () => {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const all = sideBySide(['a', 'b', 'c'], 2, async (item) => {
    begun.push(item);
    await new Promise<void>((resolve) => ends.set(item, resolve));
    return item.toUpperCase();
  });
  expect(begun).toEqual(['a', 'b']);
  ends.get('b')?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(['a', 'b', 'c']);
  ends.get('c')?.();
  ends.get('a')?.();
  expect(await all).toEqual(['A', 'B', 'C']);
});

test('the first failure is told', async () => {
  const all = sideBySide([1, 2], 2, (item) =>
    item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(),
  );
  await expect(all).rejects.toThrow('two');
});
