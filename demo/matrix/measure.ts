/** Opens every listener's window at once, waits, and asks all of them. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Hearing, Listener } from './hearing.ts';
import { buildMatrix, type Matrix } from './matrix.ts';

/** `windowMs` is how long packets are counted; longer than 7 s includes every speaker's pause. Default 8,000. */
export async function measureMatrix(
  listeners: readonly Listener[],
  tonesHz: readonly number[],
  windowMs = 8000,
): Promise<Matrix> {
  return buildMatrix(await hearFor(listeners, tonesHz, windowMs));
}

/** What each of them hears within `windowMs` from now. */
export async function hearFor(
  listeners: readonly Listener[],
  tonesHz: readonly number[],
  windowMs: number,
): Promise<Hearing[]> {
  await Promise.all(listeners.map((listener) => listener.openWindow()));
  await sleep(windowMs);
  return await Promise.all(listeners.map((listener) => listener.hear(tonesHz)));
}
