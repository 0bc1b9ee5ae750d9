/** Against the test vectors of RFC 5769, and against nonsense. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeChannelData,
  encodeChannelData,
  framesIn,
} from '../../../../operator/facts/turn/channelData.ts';
import { longTermKey, restCredential } from '../../../../operator/facts/turn/credential.ts';
import { attribute, decode, encode, isAuthentic, methods } from '../../../../operator/facts/turn/message.ts';
import { addressBytes, text, xorAddress, xorAddressIn } from '../../../../operator/facts/turn/values.ts';

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(/\s/g, ''), 'hex');

/** RFC 5769 §2.2, §2.3: answers with the short-term key below. */
const answers = {
  ipv4: hex(`0101003c2112a442b7e7a701bc34d686fa87dfae 8022000b7465737420766563746f7220
    002000080001a147e112a643 000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004c07d4c96`),
  ipv6: hex(`010100482112a442b7e7a701bc34d686fa87dfae 8022000b7465737420766563746f7220
    002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9
    00080014a382954e4be67bf11784c97c8292c275bfe3ed41 80280004c8fb0b4c`),
};
const shortTermKey = Buffer.from('VOkJxbRl1RmTxUk/WvJxBt');

/** RFC 5769 §2.4: a request with a long-term credential. */
const request = hex(`000100602112a44278ad3433c6ad72c029da412e
  00060012e3839ee38388e383aae38383e382afe382b90000
  0015001c662f2f3439396b39353464364f4c33346f4c394653547679363473410014000b6578616d706c652e6f726700
  00080014f67024656dd64a3e02b8e0712e85c9a28ca89666`);
const username = 'マトリックス';

describe('a STUN message', () => {
  test.each([
    ['ipv4', '192.0.2.1'],
    ['ipv6', '2001:db8:1234:5678:11:2233:4455:6677'],
  ] as const)('of RFC 5769 is read and known to be authentic: %s', (name, address) => {
    const message = decode(answers[name])!;
    expect(message).toMatchObject({ method: methods.binding, class: 'success' });
    expect(xorAddressIn(message, 'xorMappedAddress')).toEqual({ address, port: 32_853 });
    expect(attribute(message, 'software')?.toString()).toBe('test vector');
    expect(isAuthentic(answers[name], shortTermKey)).toBe(true);
    expect(isAuthentic(answers[name], Buffer.from('another key'))).toBe(false);
  });

  test('is written as RFC 5769 writes the request with a long-term credential', () => {
    const attributes = [
      text('username', username),
      text('nonce', 'f//499k954d6OL34oL9FSTvy64sA'),
      text('realm', 'example.org'),
    ];
    const key = longTermKey({ username, password: 'TheMatrIX' }, 'example.org');
    const { transactionId } = decode(request)!;
    const written = encode({ method: methods.binding, class: 'request', transactionId, attributes }, key);
    // Ours ends with a fingerprint, which changes the length in the header after the integrity was computed.
    expect(written.subarray(4, request.length)).toEqual(request.subarray(4));
    expect(isAuthentic(request, key)).toBe(true);
    expect(attribute(decode(written)!, 'fingerprint')).toHaveLength(4);
  });

  test('comes back as it was, whatever it holds', () => {
    const attributes = fc.array(
      fc.record({ type: fc.integer({ min: 0, max: 0xffff }), value: fc.uint8Array({ maxLength: 40 }) }),
    );
    const message = fc.record({
      method: fc.constantFrom(...Object.values(methods)),
      class: fc.constantFrom('request', 'indication', 'success', 'error'),
      transactionId: fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
      attributes: attributes.map((list) => list.map((one) => ({ ...one, value: Buffer.from(one.value) }))),
    });
    fc.assert(
      fc.property(message, (one) => {
        const back = decode(encode(one))!;
        expect({ ...back, attributes: back.attributes.slice(0, -1) }).toEqual(one);
      }),
    );
  });

  test('is never made of nonsense, and nonsense never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const head = Buffer.from([
          0,
          1,
          0,
          bytes.length,
          0x21,
          0x12,
          0xa4,
          0x42,
          ...Array<number>(12).fill(7),
        ]);
        const message = decode(Buffer.concat([head, bytes]));
        const length = message?.attributes.reduce((sum, { value }) => sum + 4 + value.length, 0) ?? 0;
        expect(length).toBeLessThanOrEqual(bytes.length);
        isAuthentic(Buffer.concat([head, bytes]), shortTermKey);
        decode(Buffer.from(bytes));
      }),
    );
  });
});

describe('an address in a message', () => {
  test.each(['::1', '::', 'fe80::1:0:0:1', '::ffff:10.0.0.1', '2001:db8::', '203.0.113.7'])(
    'comes back: %s',
    (address) => {
      const transactionId = Buffer.alloc(12, 9);
      const attributes = [xorAddress('xorPeerAddress', { address, port: 1 }, transactionId)];
      const back = xorAddressIn(
        { method: methods.data, class: 'indication', transactionId, attributes },
        'xorPeerAddress',
      );
      expect(addressBytes(back!.address)).toEqual(addressBytes(address));
      expect(back!.port).toBe(1);
    },
  );

  test('must be one', () => {
    expect(() => addressBytes('example.com')).toThrow('example.com: is no IP address');
  });
});

test('a stream is cut into messages and ChannelData, and what is not whole waits', () => {
  const data = encodeChannelData({ channel: 0x4001, data: Buffer.from('hello') });
  const stream = Buffer.concat([request, data, request.subarray(0, 10)]);
  const { frames, rest } = framesIn(stream);
  expect(frames).toEqual([request, data]);
  expect(rest).toHaveLength(10);
  expect(decodeChannelData(data)).toEqual({ channel: 0x4001, data: Buffer.from('hello') });
  expect(decodeChannelData(request)).toBeUndefined();
  expect(decode(data)).toBeUndefined();
});

test('a credential says when it ends, and is made as the Calls plugin makes it', () => {
  const credential = restCredential('north', { user: 'alice', ttlSeconds: 60, nowMs: 1_700_000_000_500 });
  // openssl dgst -sha1 -hmac north -binary | base64
  expect(credential).toEqual({ username: '1700000060:alice', password: 'b/MNJ/XdPk4NPaXAvztSvEoz3wM=' });
});
