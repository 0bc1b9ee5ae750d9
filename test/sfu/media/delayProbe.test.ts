import { expect, test } from '@jest/globals';

import { DelayProbe } from '../../../sfu/media/delayProbe.ts';
import { eventually } from '../../support/eventually.ts';

test('the delay is that of the last answer, or what is waited so far', async () => {
  let now = 0;
  const probe = new DelayProbe(() => now);
  let answer = (): void => undefined;
  const ask = (): Promise<void> => new Promise((resolve) => (answer = resolve));
  expect(probe.seconds()).toBe(0);
  probe.look(ask);
  now = 3_000;
  expect(probe.seconds()).toBe(3);
  probe.look(() => Promise.reject(new Error('one question at a time')));
  now = 4_000;
  answer();
  await eventually(() => {
    probe.look(() => Promise.resolve());
    return probe.seconds() === 4 ? 'the next answer' : undefined;
  });
  expect(probe.seconds()).toBe(0);
});

test('a question that fails tells nothing', async () => {
  const probe = new DelayProbe(() => 0);
  probe.look(() => Promise.reject(new Error('worker died')));
  let isAsked = false;
  await eventually(() => {
    probe.look(() => Promise.resolve((isAsked = true)));
    return isAsked ? undefined : 'the next question';
  });
  expect(probe.seconds()).toBe(0);
});

test('where nobody can wait any more the last answer is forgotten', async () => {
  let now = 0;
  const probe = new DelayProbe(() => now);
  probe.look(() => Promise.resolve((now = 2_000)));
  await eventually(() => (probe.seconds() === 2 ? undefined : 'the answer'));
  probe.rest();
  expect(probe.seconds()).toBe(0);
});
