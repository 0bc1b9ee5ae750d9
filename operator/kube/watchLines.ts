/** A WATCH body: one JSON document per line, decoded as it comes. */
import type { KubeObject, WatchEvent } from './api.ts';
import { UnavailableError, errorOf } from './errors.ts';
import { failureOfStatus } from './status.ts';

/** More than any object etcd takes (1.5 MiB), so a longer line is not one. */
const maxLineLength = 8 * 1024 * 1024;

const eventTypes: ReadonlySet<unknown> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']);

/**
 * Yields events until the body ends. Throws UnavailableError (reason
 * `BrokenStream`) on what is no watch line and on a body cut inside a line; the
 * error of an ERROR line otherwise.
 * @param call what is watched, for messages
 */
export async function* watchEvents(call: string, body: AsyncIterable<Uint8Array>): AsyncIterable<WatchEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineLength) throw broken(call, `a line is longer than ${maxLineLength} characters`);
    for (const line of lines) {
      if (line !== '') yield eventOf(call, line);
    }
  }
  if (rest.trim() !== '') throw broken(call, 'the stream ended inside a line');
}

function eventOf(call: string, line: string): WatchEvent {
  const value = parse(call, line);
  if (value.type === 'ERROR') throw errorOf(failureOfStatus(call, value.object));
  if (!isEvent(value)) throw broken(call, `a line is no watch event: ${line.slice(0, 80)}`);
  return value;
}

interface Line {
  readonly type?: unknown;
  readonly object?: unknown;
}

function parse(call: string, line: string): Line {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    throw broken(call, `a line is no JSON: ${line.slice(0, 80)}`, error);
  }
}

function isEvent(value: Line): value is WatchEvent {
  const metadata = (value.object as Partial<KubeObject> | undefined)?.metadata as unknown;
  return eventTypes.has(value.type) && typeof metadata === 'object' && metadata !== null;
}

function broken(call: string, message: string, cause?: unknown): UnavailableError {
  return new UnavailableError({ call, status: 0, reason: 'BrokenStream', message }, cause);
}
