/** Preloaded into the server (`--import`): on SIGUSR2 it collects garbage and writes what the process still holds to `$PROBE_FILE`. */
import { createHook } from 'node:async_hooks';
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { observer } from 'mediasoup';

/** What the server's process holds. */
export interface Held {
  /** Grows with each answer. */
  readonly answer: number;
  readonly heapMiB: number;
  readonly timers: number;
  /** mediasoup's objects that were made and not closed, by kind. */
  readonly media: Readonly<Record<string, number>>;
}

/** The part of mediasoup's objects that is used here. */
interface Observed {
  readonly observer: {
    on(event: string, listener: (child: Observed) => void): unknown;
    once(event: 'close', listener: () => void): unknown;
  };
}

/** Each kind with what it makes. */
const children: Readonly<Record<string, readonly string[]>> = {
  worker: ['router', 'webrtcserver'],
  router: ['transport', 'rtpobserver'],
  transport: ['producer', 'consumer', 'dataproducer', 'dataconsumer'],
};

const media: Record<string, number> = {};

function count(kind: string, made: Observed): void {
  media[kind] = (media[kind] ?? 0) + 1;
  made.observer.once('close', () => (media[kind] = (media[kind] ?? 0) - 1));
  for (const child of children[kind] ?? []) made.observer.on(`new${child}`, (one) => count(child, one));
}

observer.on('newworker', (worker) => count('worker', worker as unknown as Observed));

const timers = new Set<number>();
createHook({
  init: (id, type) => {
    if (type === 'Timeout') timers.add(id);
  },
  destroy: (id) => {
    timers.delete(id);
  },
}).enable();

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
let answer = 0;

process.on('SIGUSR2', () => {
  collect();
  const file = process.env['PROBE_FILE'] ?? '';
  const heapMiB = Math.round((process.memoryUsage().heapUsed / 2 ** 20) * 10) / 10;
  const held: Held = { answer: (answer += 1), heapMiB, timers: timers.size, media };
  writeFileSync(`${file}.new`, JSON.stringify(held));
  renameSync(`${file}.new`, file);
});
