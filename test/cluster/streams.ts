/** Open watches through the proxy: they can be cut, or go silent without being closed. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiCall } from './apiCall.ts';
import type { Matches } from './faults.ts';

/** See above. */
export interface Streams {
  /** Passes a watch on to its client from now on. */
  pass(call: ApiCall, from: IncomingMessage, to: ServerResponse): void;
  /** What is being watched now. */
  open(): readonly ApiCall[];
  /** Ends the connections in the midst of the stream; how many there were. */
  cut(matches?: Matches): number;
  /** Nothing comes through any more, and no end either, as after a network split. Also for watches that begin later. */
  hold(): void;
  /** Those that are open now stay open and say nothing more, as when the other end is gone; later ones are heard. */
  silence(): void;
  /** What was held back comes through. */
  release(): void;
}

interface Stream {
  readonly call: ApiCall;
  readonly to: ServerResponse;
  /** In order; the last one is its end, if that came. */
  readonly heldBack: (Buffer | 'end')[];
  isSilent: boolean;
}

/** No watches yet. */
export function createStreams(): Streams {
  const streams = new Set<Stream>();
  let isHeld = false;
  return {
    pass(call, from, to) {
      const stream: Stream = { call, to, heldBack: [], isSilent: false };
      streams.add(stream);
      to.flushHeaders(); // A watch may have nothing to say for long.
      const deliver = (part: Buffer | 'end'): void => {
        if (stream.isSilent) return;
        if (isHeld) stream.heldBack.push(part);
        else send(stream, part);
      };
      from.on('data', deliver);
      from.on('end', () => deliver('end'));
      to.on('close', () => streams.delete(stream));
    },
    open: () => [...streams].map(({ call }) => call),
    cut(matches = () => true) {
      const doomed = [...streams].filter(({ call }) => matches(call));
      for (const { to } of doomed) to.destroy();
      return doomed.length;
    },
    hold: () => void (isHeld = true),
    silence: () => streams.forEach((stream) => (stream.isSilent = true)),
    release() {
      isHeld = false;
      for (const stream of streams) for (const part of stream.heldBack.splice(0)) send(stream, part);
    },
  };
}

function send({ to }: Stream, part: Buffer | 'end'): void {
  if (part === 'end') to.end();
  else to.write(part);
}
