import { expect, test } from '@jest/globals';

import { DelayProbe, looksPerIdleQuestion } from '../../../sfu/media/delayProbe.ts';
import { eventually } from '../../support/eventually.ts';

const never = (): Promise<void> => new Promise(() => undefined);

test('the delay is that of the last answer, or what is waited so far', async () => {
  let now = 0;
  const probe = new DelayProbe(() => now);
  let answer = (): void => undefined;
  const ask = (): Promise<void> => new Promise((resolve) => (answer = resolve));
  expect(probe.seconds()).toBe(0);
  probe.look(true, ask);
  now = 3_000;
  expect(probe.seconds()).toBe(3);
  probe.look(true, () => Promise.reject(new Error('one question at a time')));
  now = 4_000;
  answer();
  await eventually(() => {
    probe.look(true, () => Promise.resolve());
    return probe.seconds() === 4 ? 'the next answer' : undefined;
  });
  expect(probe.seconds()).toBe(0);
});

test('a question that fails tells nothing', async () => {
  const probe = new DelayProbe(() => 0);
  probe.look(true, () => Promise.reject(new Error('worker died')));
  let isAsked = false;
  await eventually(() => {
    probe.look(true, () => Promise.resolve((isAsked = true)));
    return isAsked ? undefined : 'the next question';
  });
  expect(probe.seconds()).toBe(0);
});

test('a worker that serves nobody is asked at every fifth look, and its silence counts like any other', () => {
  let now = 0;
  const probe = new DelayProbe(() => now);
  const asked: number[] = [];
  for (let look = 1; look <= looksPerIdleQuestion + 1; look += 1) {
    probe.look(false, () => {
      asked.push(look);
      return never();
    });
  }
  expect(asked).toEqual([looksPerIdleQuestion]);
  now = 7_000;
  expect(probe.seconds()).toBe(7);
});

test('an answer is overdue when ten looks have passed since the question, and not because time has', async () => {
  let now = 0;
  const probe = new DelayProbe(() => now);
  let answer = (): void => undefined;
  const ask = (): Promise<void> => new Promise((resolve) => (answer = resolve));
  probe.look(true, ask);
  now = 60_000; // This process stood still.
  expect(probe.overdueSeconds()).toBeUndefined();
  for (let look = 0; look < 10; look += 1) probe.look(true, ask);
  expect(probe.overdueSeconds()).toBe(60);
  answer();
  await eventually(() => (probe.overdueSeconds() === undefined ? undefined : 'the answer'));
  expect(probe.seconds()).toBe(60);
});
