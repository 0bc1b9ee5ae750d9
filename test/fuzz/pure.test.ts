/** A short run of what `make fuzz` does for longer. A failure prints `seed` and `path`, which `fc.assert` takes to replay it. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { decideEdge } from './decide.ts';
import { decoderEdges } from './decoders.ts';

describe('whatever bytes come in, nothing is thrown, nothing grows without bound, and each refusal has a reason', () => {
  test.each(decoderEdges.map((edge) => [edge.name, edge] as const))('%s', (_name, { property }) => {
    fc.assert(property, { numRuns: 1_000 });
    expect.assertions(0);
  });
});

test('whatever clients send in whatever order, a call survives it and gives back all it took', () => {
  fc.assert(decideEdge.property, { numRuns: 300 });
  expect.assertions(0);
});
