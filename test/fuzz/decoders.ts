/** The decoders, as edges: what goes in, and what may come of it. */
import fc from 'fast-check';

import { decodeClientMessage } from '../../sfu/protocol/clientMessage.ts';
import { decodeDataMessage } from '../../sfu/protocol/dataChannel.ts';
import { decodeDescription, inflateDescription } from '../../sfu/protocol/description.ts';
import { readBody } from '../../sfu/http/body.ts';
import { parseBasic } from '../../sfu/auth/authenticate.ts';
import { parseSdp } from '../../sfu/sdp/parse.ts';
import { damagedText } from './grammar/bytes.ts';
import { anyDataFrame, anyDescription, anyPluginFrame, anyZlib } from './grammar/messages.ts';
import { anySdp } from './grammar/sdp.ts';
import { weightOf } from './weight.ts';

/** A way in, with a property that every input must leave intact. */
export interface PureEdge {
  readonly name: string;
  /** Throws when the property does not hold. */
  readonly property: fc.IProperty<readonly [unknown]>;
}

/** Of what a decoder gives back for one input byte, at most, and for an input of none. */
const [weightPerByte, freeWeight] = [40, 2_000];

/** A reason is a line of a log. */
const longestReason = 400;

/** One edge for each decoder. */
export const decoderEdges: readonly PureEdge[] = [
  edge('WebSocket frame', anyPluginFrame, decodeClientMessage),
  edge('data-channel message', anyDataFrame, decodeDataMessage),
  edge('description', anyDescription, decodeDescription),
  edge('zlib', anyZlib, inflateDescription),
  edge('SDP', anySdp, parseSdp),
  edge('HTTP body', fc.oneof(fc.string(), damagedText(fc.json())), readBody),
  edge(
    'Authorization',
    fc.oneof(
      fc.string(),
      fc.base64String().map((text) => `Basic ${text}`),
    ),
    parseBasic,
  ),
];

function edge<T>(name: string, inputs: fc.Arbitrary<T>, decode: (input: T) => unknown): PureEdge {
  const property = fc.property(inputs, (input) => {
    const problem = problemOf(input, decode(input));
    if (problem !== undefined) throw new Error(problem);
  });
  return { name, property: property };
}

/** What is wrong with the result of a decoder that did not throw. Compressed input is judged by its own limit. */
export function problemOf(input: unknown, result: unknown): string | undefined {
  const weight = weightOf(result);
  const allowed = freeWeight + weightPerByte * weightOf(input);
  if (weight > allowed) return `result weighs ${weight}, allowed are ${allowed}`;
  const reason = (result as { readonly reason?: unknown } | undefined)?.reason;
  if (reason === undefined) return undefined;
  if (typeof reason !== 'string' || reason === '') return 'refused without a reason';
  return reason.length > longestReason ? `reason of ${reason.length} characters` : undefined;
}
