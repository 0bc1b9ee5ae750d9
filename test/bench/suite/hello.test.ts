import { expect, test } from '@jest/globals';

import { chosenSuite } from './hello.ts';

const u16 = (value: number): number[] => [value >> 8, value & 0xff];
const record = (type: number, body: readonly number[]): number[] => [
  ...[type, 0xfe, 0xfd],
  ...Array<number>(8).fill(0),
  ...u16(body.length),
  ...body,
];
const hello = (extensions: readonly number[], sessionID: readonly number[] = []): number[] => {
  const begin = [0xfe, 0xfd, ...Array<number>(32).fill(7), sessionID.length, ...sessionID];
  const body = [...begin, 0xc0, 0x2b, 0, ...u16(extensions.length), ...extensions];
  return record(22, [2, 0, ...u16(body.length), ...Array<number>(8).fill(0), ...body]);
};
const extendedMasterSecret = [0, 23, 0, 0];
const srtp = (profile: number): number[] => [0, 14, 0, 5, 0, 2, ...u16(profile), 0];
const suite = (bytes: readonly number[]) => chosenSuite(Uint8Array.from(bytes));

test('a ServerHello tells the suite, wherever the extension stands', () => {
  expect(suite(hello([...extendedMasterSecret, ...srtp(8)]))).toBe('AEAD_AES_256_GCM');
  expect(suite(hello(srtp(1), [1, 2, 3]))).toBe('AES_CM_128_HMAC_SHA1_80');
});

test('it may come behind another record of the datagram', () => {
  expect(suite([...record(20, [1]), ...hello(srtp(7))])).toBe('AEAD_AES_128_GCM');
});

test('a suite that is not in the list is told by its number', () => {
  expect(suite(hello(srtp(0x0a0b)))).toBe('0x0a0b');
});

test('nothing else is mistaken for a choice', () => {
  expect(suite(hello(extendedMasterSecret))).toBeUndefined();
  expect(suite(record(22, [1, 0, 0, 0]))).toBeUndefined(); // A ClientHello only offers.
  expect(suite([0x80, 111, 0, 1, ...Array<number>(40).fill(0)])).toBeUndefined();
  expect(suite([])).toBeUndefined();
});
