import { describe, expect, test } from '@jest/globals';

import type { Cell, Matrix } from '../../../demo/matrix/matrix.ts';
import { sumRssKiB } from '../../../demo/story/memory.ts';
import { figuresOf, figuresOfStory } from '../../../demo/story/report.ts';

const cell = (change: Partial<Cell>): Cell => ({
  ...{ listener: 'Ada', speaker: 'Emil', packets: 400, lost: 1, lossPercent: 0.25, toneDb: 50 },
  ...{ oneWayMs: null, roundTripMs: null, jitterBufferMs: null, ...change },
});
const matrix: Matrix = {
  names: ['Ada', 'Emil'],
  missing: [],
  cells: [cell({ roundTripMs: 3, jitterBufferMs: 40 }), cell({ toneDb: 20, oneWayMs: { p50: 1, p95: 2 } })],
};

describe('the figures of a matrix', () => {
  test('are sums of packets, the quietest tone and the worst times', () => {
    expect(figuresOf(matrix)).toEqual({
      ...{ pairs: 2, packets: 800, lost: 2, quietestToneDb: 20 },
      ...{ oneWayMedianMs: 1, oneWayP95Ms: 2, roundTripMs: 3, jitterBufferMs: 40 },
    });
  });

  test('say null where nothing was measured', () => {
    expect(figuresOf({ ...matrix, cells: [cell({})] })).toMatchObject({
      oneWayMedianMs: null,
      roundTripMs: null,
    });
  });
});

test('the figures of the story name the biggest pod', () => {
  const heard = { beforeScaleDown: matrix, whileAsked: matrix, whileDraining: matrix, afterwards: matrix };
  const memory = {
    idle: new Map([['a', 90]]),
    inCall: new Map([
      ['a', 91],
      ['b', 120],
    ]),
  };
  const times = { totalSeconds: 200, setUpSeconds: 2, operatorRssMiB: 80 };
  expect(figuresOfStory({ ...times, ...memory, ways: { direct: 4, relayed: 1 }, heard })).toMatchObject({
    sfuIdleRssMiB: 90,
    sfuFivePersonCallRssMiB: 120,
    ways: { direct: 4, relayed: 1 },
    afterScaleDown: { pairs: 2 },
  });
});

test('the memory of a pod is that of its processes, without the ones that read it', () => {
  const statuses = [
    'Name:\tnode\nVmRSS:\t   50000 kB\n',
    'Name:\tmediasoup-worke\nVmRSS:\t   30000 kB\n',
    'Name:\tcat\nVmRSS:\t     900 kB\n',
    'Name:\tkthread\n',
  ];
  expect(sumRssKiB(statuses.join(''))).toBe(80_000);
});
