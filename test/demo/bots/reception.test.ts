import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { stampOpus } from '../../../demo/bots/opusStamp.ts';
import { createReceiver, extendSequence } from '../../../demo/bots/reception.ts';
import type { ReceivedRtp } from '../../../demo/bots/rtp.ts';

const packet = (sequenceNumber: number, payload: Uint8Array = Uint8Array.of(0x78, 1)): ReceivedRtp => ({
  payloadType: 111,
  sequenceNumber,
  timestamp: 0,
  ssrc: 1,
  payload,
});

function counts(sequence: readonly number[]): { packets: number; lost: number } {
  const receiver = createReceiver();
  sequence.forEach((number) => receiver.take(packet(number), 0n));
  const { packets, lost } = receiver.read();
  return { packets, lost };
}

test('what did not come is lost', () => {
  expect(counts([10, 11, 14])).toEqual({ packets: 3, lost: 2 });
});

test('what comes late or twice is neither lost nor counted again', () => {
  expect(counts([10, 12, 11, 12])).toEqual({ packets: 3, lost: 0 });
});

test('a sequence number that wraps loses nothing', () => {
  expect(counts([65_534, 65_535, 0, 1])).toEqual({ packets: 4, lost: 0 });
});

test('a new window counts from its own first packet', () => {
  const receiver = createReceiver();
  [1, 2, 5].forEach((number) => receiver.take(packet(number), 0n));
  receiver.open();
  [6, 7].forEach((number) => receiver.take(packet(number), 0n));
  expect(receiver.read()).toMatchObject({ packets: 2, lost: 0 });
});

test('a packet from before the window does not count in it', () => {
  const receiver = createReceiver();
  receiver.take(packet(5), 0n);
  receiver.open();
  receiver.take(packet(6), 0n);
  receiver.take(packet(4), 0n);
  expect(receiver.read()).toMatchObject({ packets: 1, lost: 0 });
});

test('a stamp tells how long the packet was under way', () => {
  const receiver = createReceiver();
  receiver.take(packet(1, stampOpus(Uint8Array.of(0x78, 1), 5_000_000n)), 6_500_000n);
  expect(receiver.read().delaysMs).toEqual([1.5]);
});

test('a packet of padding counts but is not played', () => {
  const receiver = createReceiver();
  receiver.take(packet(1, new Uint8Array(0)), 0n);
  expect(receiver.read()).toMatchObject({ packets: 1, payloads: [] });
});

test('sequence numbers near the last one are told apart from wraps, in both directions', () => {
  fc.assert(
    fc.property(fc.nat(1e9), fc.integer({ min: -32_000, max: 32_000 }), (highest, step) => {
      fc.pre(highest + step >= 0);
      expect(extendSequence((highest + step) & 0xffff, highest)).toBe(highest + step);
    }),
  );
});
