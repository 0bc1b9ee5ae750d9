import { describe, expect, test } from '@jest/globals';
import { deflateSync } from 'node:zlib';

import {
  decodeDataMessage,
  lockFrame,
  mediaMapFrame,
  openAckFrame,
  pongFrame,
  ppid,
  sdpFrame,
  textPongFrame,
} from '../../../sfu/protocol/dataChannel.ts';
import { maxDescriptionBytes } from '../../../sfu/protocol/description.ts';

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const decode = (text: string): unknown => decodeDataMessage({ ppid: ppid.binary, data: bytes(text) });
const ok = (value: unknown): unknown => ({ ok: true, value });
const reason = (text: string): unknown => ({ ok: false, reason: expect.stringContaining(text) as unknown });

describe('what clients send', () => {
  test.each([
    ['ping of a browser', '01', { type: 'ping' }],
    ['ping of a Go client', 'cc01', { type: 'ping' }],
    ['lock request of a browser', '07', { type: 'lock' }],
    ['lock request of a Go client', 'cc07', { type: 'lock' }],
    ['unlock', '08', { type: 'unlock' }],
    ['loss 0 as an integer', '04 00', { type: 'lossRate', value: 0 }],
    ['loss 0.01 as a float', '04 cb3f847ae147ae147b', { type: 'lossRate', value: 0.01 }],
    ['round trip', '05 cb3fa999999999999a', { type: 'roundTripTime', value: 0.05 }],
    ['jitter', '06 01', { type: 'jitter', value: 1 }],
  ])('%s is understood', (_name, message, expected) => {
    expect(decode(message)).toEqual(ok(expected));
  });

  test('a description is inflated', () => {
    const frame = sdpFrame({ type: 'answer', sdp: 'v=0\r\n' });
    expect(hex(frame.data).slice(0, 4)).toBe('03c4');
    expect(hex(frame.data).slice(6, 8)).toBe('78'); // The zlib header of RFC 1950.
    expect(decodeDataMessage(frame)).toEqual(
      ok({ type: 'sdp', description: { type: 'answer', sdp: 'v=0\r\n' } }),
    );
  });

  test('DCEP open and the text ping of older apps are understood', () => {
    expect(decodeDataMessage({ ppid: ppid.dcep, data: bytes('0300000000000000') })).toEqual(
      ok({ type: 'open' }),
    );
    expect(decodeDataMessage({ ppid: ppid.text, data: Buffer.from('ping') })).toEqual(
      ok({ type: 'textPing' }),
    );
  });

  test.each([
    ['an unknown type', '0a', 'unknown message type 10'],
    [
      'a map as type that no text can be made of',
      '81a8746f537472696e6701',
      'unknown message type that is no number',
    ],
    ['values in values in values', '07919191c0', 'nested more than 2 deep'],
    ['nothing', '', 'unknown message type undefined'],
    ['a cut value', '04cb3f84', 'not msgpack'],
    ['a negative loss', '04ff', 'lossRate is not a number'],
    ['a description that is no bytes', '03a161', 'no binary payload'],
    ['a description that is not compressed', '03c403313233', 'cannot be inflated'],
    ['an array that claims 4 billion entries', '07ddffffffff', 'not msgpack'],
    ['a string that claims 4 GiB', 'dbffffffff', 'not msgpack'],
  ])('%s is refused with a reason', (_name, message, expected) => {
    expect(decode(message)).toEqual(reason(expected));
  });

  test('a description that inflates beyond the limit is refused', () => {
    const bomb = deflateSync(Buffer.alloc(maxDescriptionBytes + 1, ' '));
    const header = Buffer.from([0x03, 0xc5, bomb.length >> 8, bomb.length & 255]);
    expect(decodeDataMessage({ ppid: ppid.binary, data: Buffer.concat([header, bomb]) })).toEqual(
      reason('cannot be inflated'),
    );
  });

  test('other SCTP payload types are refused', () => {
    expect(decodeDataMessage({ ppid: 57, data: bytes('00') })).toEqual(reason('payload type 57'));
  });
});

describe('what clients are sent', () => {
  test.each([
    ['pong', pongFrame, ppid.binary, '02'],
    ['text pong', textPongFrame, ppid.text, '706f6e67'],
    ['DCEP ack', openAckFrame, ppid.dcep, '02'],
    ['lock granted', lockFrame(true), ppid.binary, '07c3'],
    ['lock refused', lockFrame(false), ppid.binary, '07c2'],
    [
      'media map',
      mediaMapFrame(new Map([['s0', { type: 'voice', senderID: 's1' }]])),
      ppid.binary,
      '0981a2733082a474797065a5766f696365a973656e6465725f6964a27331',
    ],
    ['empty media map', mediaMapFrame(new Map()), ppid.binary, '0980'],
  ])('%s has the bytes of the wire specification', (...[, frame, expectedPpid, expected]) => {
    expect(frame.ppid).toBe(expectedPpid);
    expect(hex(frame.data)).toBe(expected);
  });
});
