/** What clients and plugins send, from sound to absurd: descriptions, data-channel messages, WebSocket frames. */
import { deflateRawSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';

import type { DataFrame } from '../../../sfu/protocol/dataChannel.ts';
import { damaged } from './bytes.ts';
import { anyMsgpack, msgpackBytes, msgpackMap, msgpackText, trickyNames } from './msgpack.ts';
import { anySdp } from './sdp.ts';

/** JSON of an offer or answer. */
export const anyDescription: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc
    .record({ type: fc.constantFrom('offer', 'answer', 'pranswer', 'rollback', '', 1), sdp: anySdp })
    .map((one) => Buffer.from(JSON.stringify(one))),
  fc.json().map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 60 }),
);

/** A compressed description. */
export const anyZlib: fc.Arbitrary<Uint8Array> = fc.oneof(
  anyDescription.map((json) => deflateSync(json)),
  damaged(anyDescription.map((json) => deflateSync(json))),
  anyDescription.map((json) => deflateRawSync(json)),
);

const typed = fc
  .tuple(
    fc.oneof(
      fc.nat(12).map((type) => Uint8Array.of(type)),
      anyMsgpack,
    ),
    fc.oneof(anyZlib.map(msgpackBytes), anyMsgpack),
  )
  .map((parts) => Buffer.concat(parts));

/** A message of the data channel. */
export const anyDataFrame: fc.Arbitrary<DataFrame> = fc.record({
  ppid: fc.oneof(
    { weight: 8, arbitrary: fc.constant(53) },
    { weight: 2, arbitrary: fc.constantFrom(50, 51, 52, 54, 56, 57, 0, 0xffffffff) },
  ),
  data: fc.oneof(
    { weight: 3, arbitrary: typed },
    { weight: 1, arbitrary: damaged(typed) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) },
  ),
});

const key = fc.constantFrom(
  ...['callID', 'userID', 'sessionID', 'channelID', 'av1Support', 'dcSignaling'],
  ...['session_id', 'type', 'data', ...trickyNames],
);
const field = fc.oneof(
  fc.constantFrom('s1', 's2', 'c1', '', 'x'.repeat(300), 's1\r\na=x').map(msgpackText),
  fc.nat(12).map((type) => Uint8Array.of(type)),
  anyDescription.map(msgpackBytes),
  anyMsgpack,
);
const plugin = fc
  .tuple(
    fc.constantFrom('join', 'leave', 'reconnect', 'rtc', 'hello', 'close', ...trickyNames).map(msgpackText),
    fc.oneof(fc.array(fc.tuple(key.map(msgpackText), field), { maxLength: 8 }).map(msgpackMap), anyMsgpack),
  )
  .map((parts) => Buffer.concat(parts));

/** A frame of a plugin. */
export const anyPluginFrame: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 3, arbitrary: plugin },
  { weight: 1, arbitrary: damaged(plugin) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) },
);
