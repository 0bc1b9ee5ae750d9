import { describe, expect, test } from '@jest/globals';
import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { decodeClientMessage, encodeServerMessage } from '../../../sfu/protocol/clientMessage.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const frame = (...values: unknown[]): Uint8Array => Buffer.concat(values.map((value) => encode(value)));
const rtc = {
  groupID: '',
  userID: '',
  sessionID: 's1',
  callID: '',
};
const plugin =
  'a3727463 %% a867726f75705f6964a0 a7757365725f6964a0 aa73657373696f6e5f6964a27331 a763616c6c5f6964a0';

describe('bytes of a plugin are understood', () => {
  test.each([
    [
      'join',
      `a46a6f696e 86 a663616c6c4944a26331 a6757365724944a27531 a973657373696f6e4944a27331
       a96368616e6e656c4944a3636831 aa617631537570706f7274c2 ab64635369676e616c696e67c3`,
      {
        type: 'join',
        callID: 'c1',
        userID: 'u1',
        sessionID: 's1',
        channelID: 'ch1',
        av1Support: false,
        dcSignaling: true,
      },
    ],
    ['leave', 'a56c65617665 81 a973657373696f6e4944 a27331', { type: 'leave', sessionID: 's1' }],
    ['rtc mute', `${plugin.replace('%%', '85')} a47479706503`, { type: 'rtc', message: { ...rtc, type: 3 } }],
    [
      'rtc SDP',
      `${plugin.replace('%%', '86')} a47479706502 a464617461 c402 7b7d`,
      { type: 'rtc', message: { ...rtc, type: 2, data: bytes('7b7d') } },
    ],
  ])('%s', (_name, text, message) => {
    expect(decodeClientMessage(bytes(text))).toEqual({ ok: true, message });
  });

  test('reconnect', () => {
    expect(decodeClientMessage(frame('reconnect', { sessionID: 's1' }))).toEqual({
      ok: true,
      message: { type: 'reconnect', sessionID: 's1' },
    });
  });

  test('data of rtc as text, because Go decodes either', () => {
    const decoded = decodeClientMessage(frame('rtc', { session_id: 's1', type: 2, data: '{}' }));
    expect(decoded).toEqual({
      ok: true,
      message: { type: 'rtc', message: { ...rtc, type: 2, data: bytes('7b7d') } },
    });
  });

  test('a join without properties reports them as null', () => {
    const decoded = decodeClientMessage(
      frame('join', { callID: 'c', userID: 'u', sessionID: 's', other: [1] }),
    );
    expect(decoded).toMatchObject({
      ok: true,
      message: { channelID: null, av1Support: null, dcSignaling: null },
    });
  });
});

describe('bytes for a plugin', () => {
  test.each([
    [
      'hello',
      { type: 'hello', clientID: 'abc', connID: 'xyz' },
      'a568656c6c6f 82 a8636c69656e744944 a3616263 a6636f6e6e4944 a378797a',
    ],
    ['close', { type: 'close', sessionID: 's1' }, 'a5636c6f7365 81 a973657373696f6e4944 a27331'],
    [
      'vad VoiceOn',
      { type: 'vad', message: { groupID: 'g', userID: 'u', sessionID: 's1', callID: 'c', type: 7 } },
      `a3766164 85 a867726f75705f6964a167 a7757365725f6964a175 aa73657373696f6e5f6964a27331
       a763616c6c5f6964a163 a47479706507`,
    ],
    [
      'rtc with data as bin',
      { type: 'rtc', message: { ...rtc, type: 2, data: bytes('7b7d') } },
      `${plugin.replace('%%', '86')} a47479706502 a464617461 c402 7b7d`,
    ],
  ] as const)('%s', (_name, message, text) => {
    expect(hex(encodeServerMessage(message))).toBe(hex(bytes(text)));
  });

  test('empty data is left out', () => {
    const encoded = encodeServerMessage({
      type: 'rtc',
      message: { ...rtc, type: 1, data: new Uint8Array(0) },
    });
    expect(hex(encoded)).not.toContain('a464617461');
  });
});

describe('bytes that are no message are refused with a reason', () => {
  test.each([
    ['nothing', new Uint8Array(0), 'expected two values, got 0'],
    ['one value', frame('leave'), 'expected two values, got 1'],
    ['three values', frame('leave', { sessionID: 's1' }, 1), 'expected two values, got 3'],
    ['a number as type', frame(1, {}), 'the type is not a string'],
    ['an unknown type', frame('dance', {}), 'unknown message type "dance"'],
    ['an inherited name as type', frame('constructor', {}), 'unknown message type "constructor"'],
    ['a list as data', frame('leave', []), 'the data of leave is not a map'],
    ['a leave without session', frame('leave', {}), 'leave without sessionID'],
    ['an empty session', frame('reconnect', { sessionID: '' }), 'reconnect without sessionID'],
    [
      'a session that would end a line of SDP',
      frame('leave', { sessionID: 's1\r\na=x' }),
      'leave without sessionID',
    ],
    ['a join without call', frame('join', { userID: 'u', sessionID: 's' }), 'join without callID'],
    ['a join without user', frame('join', { callID: 'c', sessionID: 's' }), 'join without userID'],
    ['a join without session', frame('join', { callID: 'c', userID: 'u' }), 'join without sessionID'],
    ['an rtc without session', frame('rtc', { type: 1 }), 'rtc without session_id'],
    ['an rtc of type 0', frame('rtc', { session_id: 's', type: 0 }), 'rtc without type'],
    [
      'an rtc with a map as data',
      frame('rtc', { session_id: 's', type: 1, data: {} }),
      'the data of rtc is neither bytes nor text',
    ],
  ])('%s', (_name, data, reason) => {
    expect(decodeClientMessage(data)).toEqual({ ok: false, reason });
  });

  test('a header that announces millions of entries costs nothing', () => {
    const decoded = decodeClientMessage(bytes('a56c65617665 ddffffff00'));
    expect(decoded).toMatchObject({ ok: false, reason: 'not msgpack of ours: more than 256 values' });
  });

  test('any bytes are refused or understood, never thrown at', () => {
    const grammar = fc.tuple(
      fc.constantFrom('join', 'leave', 'reconnect', 'rtc', 'hello', '__proto__', ''),
      fc.dictionary(
        fc.constantFrom('sessionID', 'callID', 'userID', 'session_id', 'type', 'data'),
        fc.anything(),
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        expect(typeof decodeClientMessage(data).ok).toBe('boolean');
      }),
    );
    fc.assert(
      fc.property(grammar, fc.nat(), fc.nat(255), ([type, data], position, byte) => {
        const mutated = safeFrame(type, data);
        if (mutated.length > 0) mutated[position % mutated.length] = byte;
        expect(typeof decodeClientMessage(mutated).ok).toBe('boolean');
      }),
    );
  });
});

/** Not everything that fast-check invents can be written as msgpack; what cannot is of no interest. */
function safeFrame(...values: unknown[]): Uint8Array {
  try {
    return frame(...values);
  } catch {
    return new Uint8Array(0);
  }
}
