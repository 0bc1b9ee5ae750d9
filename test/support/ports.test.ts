import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

import { expect, test } from '@jest/globals';

import { freePort } from './ports.ts';

test('a port is none that the system could give to a connection meanwhile', async () => {
  const port = await freePort();
  expect(port).toBeGreaterThanOrEqual(10_000);
  expect(port).toBeLessThan(32_768);
});

test.each(['TCP', 'UDP'])(
  'a row with a port that is taken by %s, on whatever address, is not free',
  async (by) => {
    const free = await freePort({ count: 4 });
    const taken = by === 'TCP' ? createServer().listen(free + 1, '127.0.0.2') : createSocket('udp4');
    if ('bind' in taken) taken.bind(free + 1, '127.0.0.2');
    await once(taken, 'listening');
    const picks = [free, free + 1, free + 2];
    expect(await freePort({ count: 2, pick: () => picks.shift() ?? 0 })).toBe(free + 2);
    taken.close();
  },
);
