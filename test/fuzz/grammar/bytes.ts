/** Bytes with faults: what a broken network, a broken client or an attacker makes of good ones. */
import fc from 'fast-check';

/** One fault; positions and lengths are taken modulo what is there. */
type Fault =
  | { readonly kind: 'set' | 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'cut' | 'delete' | 'repeat'; readonly at: number; readonly length: number };

/** Numbers at which lengths and counters go wrong, big endian. */
const edgeNumbers = ['00', 'ff', '7f', '80', 'ffff', '8000', 'ffffffff', '7fffffff', '80000000'].map((hex) =>
  Buffer.from(hex, 'hex'),
);

const position = fc.nat(100_000);
const bytes = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 8 }), fc.constantFrom(...edgeNumbers));
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constantFrom('set' as const, 'insert' as const), at: position, bytes }),
  fc.record({
    kind: fc.constantFrom('cut' as const, 'delete' as const, 'repeat' as const),
    at: position,
    length: fc.nat(64),
  }),
);

/** Good bytes with one to six faults. */
export function damaged(good: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(good, fc.array(fault, { minLength: 1, maxLength: 6 }))
    .map(([start, faults]) => faults.reduce<Uint8Array>(apply, start));
}

/** The same for text; what is no UTF-8 afterwards becomes U+FFFD. */
export function damagedText(good: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return damaged(good.map((text) => Buffer.from(text))).map((data) => Buffer.from(data).toString('utf8'));
}

function apply(data: Uint8Array, one: Fault): Uint8Array {
  const at = data.length === 0 ? 0 : one.at % data.length;
  const [before, after] = [data.subarray(0, at), data.subarray(at)];
  switch (one.kind) {
    case 'set':
      return Buffer.concat([before, one.bytes, after.subarray(one.bytes.length)]);
    case 'insert':
      return Buffer.concat([before, one.bytes, after]);
    case 'cut':
      return before;
    case 'delete':
      return Buffer.concat([before, after.subarray(one.length)]);
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, one.length), after]);
  }
}
