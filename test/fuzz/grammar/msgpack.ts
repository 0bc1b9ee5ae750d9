/** MessagePack by its grammar, header by header, so that headers can also lie. */
import fc from 'fast-check';

/** Names that mean something to JavaScript. */
export const trickyNames = ['__proto__', 'constructor', 'toString', 'valueOf', 'length', 'then'] as const;

/** Headers that announce more than follows, and the one byte that the format never uses. */
const lies = [
  'c1',
  'c6ffffffff',
  'c9ffffffff00',
  'dbffffffff',
  'dcffff',
  'ddffffffff',
  'deffff',
  'dfffffffff',
];

const scalars = [
  'c0',
  'c2',
  'c3',
  '00',
  '01',
  '7f',
  'ff',
  'cc80',
  'cd8000',
  'cfffffffffffffffff',
  'd3ff',
  'cb7ff8',
];

const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');

/** A string with its header. */
export const msgpackText = (text: string): Uint8Array => {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from([0xda, body.length >> 8, body.length & 0xff]), body]);
};

/** Bytes with their header. */
export const msgpackBytes = (body: Uint8Array): Uint8Array => {
  const header = Buffer.from([0xc6, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 1);
  return Buffer.concat([header, body]);
};

/** A map with at most 15 entries. */
export const msgpackMap = (entries: readonly (readonly [Uint8Array, Uint8Array])[]): Uint8Array =>
  Buffer.concat([Uint8Array.of(0x80 | entries.length), ...entries.flat()]);

const name = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom(...trickyNames)).map(msgpackText);

/** Any value, sound or not. */
export const { value: anyMsgpack } = fc.letrec<{ value: Uint8Array }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...[...scalars, ...lies].map(hex)),
    name,
    fc.uint8Array({ maxLength: 40 }).map(msgpackBytes),
    fc
      .array(tie('value'), { maxLength: 6 })
      .map((items) => Buffer.concat([Uint8Array.of(0x90 | items.length), ...items])),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 6 }).map(msgpackMap),
  ),
}));
