import { describe, expect, test } from '@jest/globals';

import { podNewsOf, type PodSaid, sayingOf, summaryOf } from '../../../../demo/page/facts/hostWords.ts';

const pod = (change: Partial<PodSaid> = {}): PodSaid => ({
  ...{ name: 'calls-sfu-0', state: 'Published', message: null, drain: null, deadline: null },
  ...{ takesNewCalls: true, calls: [] },
  ...change,
});
const callOf = (...names: string[]): PodSaid['calls'] => [
  { channel: 'town-hall', people: names.map((name) => ({ name })) },
];

describe('a pod says who is on it', () => {
  test.each([
    [pod(), 'Nobody talks here.'],
    [pod({ calls: callOf('Ada') }), 'Ada is here.'],
    [pod({ calls: callOf('Ada', 'Bruno', 'Chloe') }), 'Ada, Bruno and Chloe talk here.'],
    [
      pod({ state: 'Draining', calls: callOf('Ada', 'Bruno') }),
      'Ada and Bruno talk on here until they hang up: nobody is cut off, and new calls go elsewhere.',
    ],
    [
      pod({ state: 'Draining', calls: callOf('Ada'), deadline: '2027-01-12T11:00:00Z' }),
      'Ada talks on here until they hang up, or until 11:00 UTC at most: nobody is cut off, and new calls go elsewhere.',
    ],
    [pod({ state: 'Draining' }), 'Nobody is left on it: it goes, and nobody is cut off.'],
    [pod({ calls: callOf('A', 'B', 'C', 'D', 'E', 'F', 'G') }), 'A, B, C, D, E and 2 more talk here.'],
  ])('%#', (said, sentence) => {
    expect(sayingOf(said)).toBe(sentence);
  });
});

test('the summary counts pods by state, people and calls', () => {
  const draining = pod({ name: 'calls-sfu-1', state: 'Draining', calls: callOf('Ada') });
  expect(summaryOf([pod(), draining])).toBe('2 pods: 1 Published, 1 Draining. 1 person in 1 call.');
  expect(summaryOf([pod()])).toBe('1 pod: 1 Published. Nobody talks.');
  expect(summaryOf([])).toBe('No pods yet.');
});

test('the news say what changed, and nothing at first sight', () => {
  const draining = pod({ state: 'Draining', calls: callOf('Ada', 'Bruno') });
  expect(podNewsOf([], [pod()])).toEqual([]);
  expect(podNewsOf([pod()], [pod({ calls: callOf('Ada') })])).toEqual([]);
  expect(podNewsOf([pod()], [draining])).toEqual([
    'calls-sfu-0 is Draining. Ada and Bruno talk on here until they hang up: nobody is cut off, and new calls go elsewhere.',
  ]);
  expect(podNewsOf([draining], [pod({ name: 'calls-sfu-1' })])).toEqual([
    'calls-sfu-1 is Published',
    'calls-sfu-0 is gone',
  ]);
});
