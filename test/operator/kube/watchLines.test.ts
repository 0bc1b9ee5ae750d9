import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { WatchEvent } from '../../../operator/kube/api.ts';
import { watchEvents } from '../../../operator/kube/watchLines.ts';

const line = (name: string, type = 'ADDED'): string =>
  `${JSON.stringify({ type, object: { kind: 'Pod', apiVersion: 'v1', metadata: { name } } })}\n`;

// eslint-disable-next-line @typescript-eslint/require-await -- An async iterable is what is asked for.
async function* chunks(bytes: Uint8Array, sizes: readonly number[]): AsyncIterable<Uint8Array> {
  let from = 0;
  for (const size of sizes) {
    yield bytes.subarray(from, from + size);
    from += size;
  }
  yield bytes.subarray(from);
}

async function read(text: string, sizes: readonly number[] = []): Promise<string[]> {
  const seen: string[] = [];
  const events: AsyncIterable<WatchEvent> = watchEvents('watch pods', chunks(Buffer.from(text), sizes));
  for await (const event of events) seen.push(`${event.type} ${event.object.metadata.name}`);
  return seen;
}

test('events come out whole, wherever the network cuts the bytes, even inside a letter', async () => {
  const text = line('münchen') + line('b', 'MODIFIED') + line('c', 'DELETED');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(60)), async (sizes) => {
      expect(await read(text, sizes)).toEqual(['ADDED münchen', 'MODIFIED b', 'DELETED c']);
    }),
  );
});

describe('a stream that is none is an error that says why', () => {
  test.each([
    ['no JSON', `${line('a')}<html>\n`, /a line is no JSON: <html>/],
    ['no event', '{"type":"ADDED"}\n', /a line is no watch event/],
    ['an unknown type', line('a', 'RENAMED'), /a line is no watch event/],
    ['null', 'null\n', /a line is no watch event/],
    ['cut inside a line', line('a') + line('b').slice(0, 20), /the stream ended inside a line/],
    ['410 as an ERROR line', '{"type":"ERROR","object":{"code":410,"message":"too old"}}\n', /too old/],
  ])('%s', async (_what, text, message) => expect(read(text)).rejects.toThrow(message));
});
