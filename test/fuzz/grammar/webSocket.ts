/** WebSocket frames (RFC 6455 5.2) as bytes: bits that are not allowed, lengths that lie, floods, fragments. */
import fc from 'fast-check';

import { anyPluginFrame } from './messages.ts';

/** One frame. `announced` is the length in the header, by default the payload's own. */
export interface FrameParts {
  /** FIN, three reserved bits, opcode. */
  readonly first: number;
  readonly payload: Uint8Array;
  readonly announced?: bigint | number;
  readonly isMasked?: boolean;
}

/** A frame's bytes; masked with zeros, so that the payload is what it is. */
export function webSocketFrame({ first, payload, announced, isMasked = true }: FrameParts): Uint8Array {
  const length = announced ?? payload.length;
  const mask = isMasked ? 0x80 : 0;
  const head = Buffer.alloc(10);
  head.writeUInt8(first, 0);
  head.writeUInt8(mask | 127, 1);
  head.writeBigUInt64BE(BigInt(length), 2);
  const short = Number(length) < 126 ? Buffer.from([first, mask | Number(length)]) : head;
  return Buffer.concat([short, Buffer.alloc(isMasked ? 4 : 0), payload]);
}

const payload = fc.oneof(anyPluginFrame, fc.uint8Array({ maxLength: 200 }));

const frame = fc
  .record(
    {
      first: fc.oneof(fc.constantFrom(0x82, 0x81, 0x02, 0x00, 0x80, 0x88, 0x89, 0x8a, 0xc2), fc.nat(255)),
      payload,
      announced: fc.constantFrom(0, 1, 125, 70_000, 2 ** 31, 2n ** 63n),
      isMasked: fc.nat(9).map((one) => one > 0),
    },
    { requiredKeys: ['first', 'payload'] },
  )
  .map(webSocketFrame);

/** The same frame so often that answering or keeping each would add up. */
const flood = fc
  .tuple(
    fc.constantFrom(0x89, 0x8a, 0x82, 0x02, 0x00),
    fc.constantFrom(0, 1, 125),
    fc.integer({ min: 100, max: 20_000 }),
  )
  .map(([first, size, count]) =>
    Buffer.concat(
      Array.from({ length: count }, () => webSocketFrame({ first, payload: Buffer.alloc(size, 1) })),
    ),
  );

/** Bytes of an upgraded connection. */
export const anyFrames: fc.Arbitrary<Uint8Array> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.array(frame, { minLength: 1, maxLength: 6 }).map((frames) => Buffer.concat(frames)),
  },
  { weight: 1, arbitrary: flood },
);
