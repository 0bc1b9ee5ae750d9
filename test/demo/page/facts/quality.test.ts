import { expect, test } from '@jest/globals';

import { qualityOf } from '../../../../demo/page/facts/quality.ts';
import {
  roundTripMsIn,
  type StatsEntry,
  type StreamCounters,
  streamsIn,
} from '../../../../demo/page/facts/streams.ts';

const voice = (change: Partial<StreamCounters> = {}): StreamCounters => ({
  ...{
    mid: 's0',
    kind: 'audio',
    isSent: false,
    packets: 100,
    lost: 0,
    bytes: 10_000,
    jitterMs: 4,
    atMs: 1000,
  },
  ...{ bufferSeconds: 0, bufferCount: 0, width: 0, height: 0, framesPerSecond: 0 },
  ...change,
});
const second = (change: Partial<StreamCounters> = {}): StreamCounters =>
  voice({ packets: 150, bytes: 14_000, atMs: 2000, ...change });

test.each([
  ['all is low', { now: second(), path: 20 }, 'good: Loss, round trip and jitter are low'],
  [
    'three of 53 packets are lost',
    { now: second({ lost: 3 }), path: 20 },
    'fair: 5.7 % of the packets are lost',
  ],
  ['a tenth is lost', { now: second({ lost: 6 }), path: 20 }, 'poor: 10.7 % of the packets are lost'],
  ['the path is long', { now: second(), path: 180 }, 'fair: The round trip takes 180 ms'],
  [
    'packets come unevenly',
    { now: second({ jitterMs: 90 }), path: 180 },
    'poor: Packets come up to 90 ms early or late',
  ],
  ['nothing comes', { now: voice({ atMs: 2000 }), path: 20 }, 'quiet: Nothing is sent at the moment'],
])('where %s the badge says so, and why', (_, { now, path }, said) => {
  const { grade, reason } = qualityOf([now], [voice()], path);
  expect(`${grade}: ${reason}`).toBe(said);
});

test('the numbers are of the interval, not of the whole call', () => {
  const { numbers } = qualityOf([second({ lost: 3 })], [voice({ lost: 3 })], 20);
  expect(numbers).toEqual({
    lossRate: 0,
    jitterMs: 4,
    roundTripMs: 20,
    bitsPerSecond: 32_000,
    picture: undefined,
  });
});

test('a picture adds its bits, its size and its frames; the worse of both streams decides', () => {
  const picture = { mid: 's1', kind: 'video', width: 640, height: 360, framesPerSecond: 10 } as const;
  const { grade, numbers } = qualityOf(
    [second(), second({ ...picture, lost: 9 })],
    [voice(), voice(picture)],
    undefined,
  );
  expect(grade).toBe('poor');
  expect(numbers).toMatchObject({ bitsPerSecond: 64_000, picture: '640 × 360, 10 fps' });
});

test('a stream that has just begun is not judged yet', () => {
  expect(qualityOf([second()], [], 20).grade).toBe('quiet');
});

test('streams are read from getStats, loss of what we send from the server’s report', () => {
  const entries: StatsEntry[] = [
    {
      id: 'in',
      type: 'inbound-rtp',
      kind: 'video',
      mid: 's1',
      packetsReceived: 5,
      packetsLost: -1,
      jitter: 0.004,
    },
    { id: 'out', type: 'outbound-rtp', kind: 'audio', mid: '1', packetsSent: 9, bytesSent: 90 },
    {
      id: 'far',
      type: 'remote-inbound-rtp',
      localId: 'out',
      packetsLost: 2,
      jitter: 0.001,
      roundTripTime: 0.03,
    },
  ];
  expect(streamsIn(entries)).toMatchObject([
    { mid: 's1', kind: 'video', isSent: false, packets: 5, lost: 0, jitterMs: 4 },
    { mid: '1', kind: 'audio', isSent: true, packets: 9, bytes: 90, lost: 2, jitterMs: 1 },
  ]);
  expect(roundTripMsIn(entries)).toBe(30);
  const pair = { id: 'p', type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.01 };
  expect(roundTripMsIn([...entries, pair])).toBe(10);
  expect(roundTripMsIn([])).toBeUndefined();
});
