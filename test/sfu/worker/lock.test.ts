import { expect, test } from '@jest/globals';

import { withMachineLock } from '../../../sfu/worker/lock.ts';

const name = `rtc-lock-test-${process.pid}`;

test('whoever comes second waits until the first is done', async () => {
  const order: string[] = [];
  const { promise: release, resolve } = Promise.withResolvers<undefined>();
  const first = withMachineLock(name, async () => {
    order.push('first begins');
    await release;
    order.push('first ends');
  });
  const second = withMachineLock(name, () => Promise.resolve(order.push('second')));
  resolve(undefined);
  await Promise.all([first, second]);
  expect(order.filter((step) => step !== 'second')).toEqual(['first begins', 'first ends']);
  expect(order).toHaveLength(3);
  expect(order[1]).not.toBe('second');
});

test('a lock that does not become free in time is named', async () => {
  await withMachineLock(name, () =>
    expect(withMachineLock(name, () => Promise.resolve(), { timeoutMs: 100 })).rejects.toThrow(name),
  );
});

test('work that fails frees the lock', async () => {
  await expect(withMachineLock(name, () => Promise.reject(new Error('it broke')))).rejects.toThrow(
    'it broke',
  );
  await expect(withMachineLock(name, () => Promise.resolve('done'))).resolves.toBe('done');
});
