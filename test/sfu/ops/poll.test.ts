import { expect, test } from '@jest/globals';
import { poll } from '../../../sfu/ops/poll.ts';
import { eventually } from '../../support/eventually.ts';

test('a piece of work that fails is told, and done again after the interval', async () => {
  let runs = 0;
  const failures: unknown[] = [];
  const stop = poll(
    () => {
      runs += 1;
      if (runs === 1) throw new Error('at once');
      return runs === 2 ? Promise.reject(new Error('later')) : Promise.resolve();
    },
    1,
    (error) => failures.push((error as Error).message),
  );
  await eventually(() => (runs > 2 ? undefined : `${runs} runs`));
  stop();
  expect(failures).toEqual(['at once', 'later']);
});
