import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBody } from '../../../sfu/http/body.ts';
import { firstValue } from '../../../sfu/http/goJson.ts';

/** What Go's own decoder said, see `test/contract/json/main.go`. */
const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../contract/json/vectors.json'), 'utf8'),
) as { readonly input: string; readonly error?: string; readonly values?: Record<string, string> }[];

test.each(vectors.map((vector) => [JSON.stringify(vector.input), vector] as const))(
  'the body %s is read, or refused in the words, as by Go',
  (_name, { input, error, values = {} }) => {
    const body = readBody(input);
    if (error !== undefined) expect(body).toEqual({ ok: false, reason: error });
    else expect(body.ok ? Object.fromEntries(body.values) : body).toEqual(values);
  },
);

test('whatever is sent, the value that is found is valid JSON, and valid JSON is found', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const value = firstValue(text);
      if (value.ok) JSON.parse(value.text);
    }),
  );
  fc.assert(
    fc.property(fc.json(), fc.string(), (json, rest) => {
      expect(firstValue(`${json} ${rest}`)).toEqual({ ok: true, text: json });
    }),
  );
});

test('a body of nothing but brackets is refused like any other', () => {
  expect(readBody('['.repeat(64 * 1024))).toEqual({ ok: false, reason: 'unexpected EOF' });
});
