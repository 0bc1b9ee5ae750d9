/** A short turn of what `npm run churn` does ten thousand times. */
import { expect, test } from '@jest/globals';

import { churn } from './churn/run.ts';
import { waves } from './churn/waves.ts';

test('sessions that come and go leave nothing behind: no session, router, transport, timer, descriptor or memory', async () => {
  const judged = await churn({
    sessions: 300,
    rounds: 3,
    waves: waves.filter(({ isSlow }) => !isSlow),
    say: () => undefined,
  });
  expect(judged.filter(({ isKept }) => !isKept)).toEqual([]);
}, 120_000);
