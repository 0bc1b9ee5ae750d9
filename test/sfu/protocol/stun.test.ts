import { describe, expect, test } from '@jest/globals';

import { bindingRequest, mappedAddress } from '../../../sfu/protocol/stun.ts';

/** Transaction and attributes of the samples in RFC 5769 2.2 and 2.3. */
const transactionID = Buffer.from('b7e7a701bc34d686fa87dfae', 'hex');
const software = '8022000b7465737420766563746f7220';
const xorMappedV4 = '002000080001a147e112a643';
const xorMappedV6 = '002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9';
/** 192.0.2.9, port 80, as servers of RFC 3489 say it. */
const mappedV4 = '0001000800010050c0000209';

function answer(attributes: string, { type = '0101', id = transactionID } = {}): Uint8Array {
  const body = Buffer.from(attributes, 'hex');
  const length = body.length.toString(16).padStart(4, '0');
  return Buffer.concat([Buffer.from(`${type}${length}2112a442`, 'hex'), id, body]);
}

test('a request is a header with its transaction', () => {
  const request = Buffer.from(bindingRequest(transactionID)).toString('hex');
  expect(request).toBe('000100002112a442b7e7a701bc34d686fa87dfae');
});

describe('the address in an answer', () => {
  test.each([
    ['IPv4', software + xorMappedV4, '192.0.2.1'],
    ['IPv6', software + xorMappedV6, '2001:db8:1234:5678:11:2233:4455:6677'],
    ['of an old server', mappedV4, '192.0.2.9'],
    ['told both ways: the one that no NAT rewrites', mappedV4 + xorMappedV4, '192.0.2.1'],
  ])('%s', (_name, attributes, address) => {
    expect(mappedAddress(answer(attributes), transactionID)).toBe(address);
  });

  test.each([
    ['too short', Buffer.alloc(4)],
    ['a refusal', answer(xorMappedV4, { type: '0111' })],
    ['an answer to somebody else', answer(xorMappedV4, { id: Buffer.alloc(12) })],
    ['without an address', answer(software)],
    ['cut off in the address', answer(xorMappedV4).subarray(0, 28)],
    ['with an address of no family', answer('002000080003a147e112a643')],
  ])('is not found when it is %s', (_name, message) => {
    expect(mappedAddress(message, transactionID)).toBeUndefined();
  });
});
