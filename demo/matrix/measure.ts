/** Opens every listener's window at once, waits, and asks all of them. */
import { setTimeout as sleep } from 'node:timers/promises';

import { eventually } from '../../test/support/eventually.ts';

import type { Hearing, Listener } from './hearing.ts';
import { buildMatrix, type Matrix } from './matrix.ts';

/** Negotiating a new voice takes a round trip with every page, seconds on a machine that is out of breath. */
const negotiationTimeoutMs = 30_000;

/** `windowMs` is how long packets are counted; longer than 7 s includes every speaker's pause. Default 8,000. */
export async function measureMatrix(
  listeners: readonly Listener[],
  tonesHz: readonly number[],
  windowMs = 8000,
): Promise<Matrix> {
  // Whoever is still missing after that is named by the matrix, which knows more.
  await eventually(() => tooFewVoices(listeners), { timeoutMs: negotiationTimeoutMs, intervalMs: 200 }).catch(
    () => undefined,
  );
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

async function tooFewVoices(listeners: readonly Listener[]): Promise<string | undefined> {
  const counts = await Promise.all(listeners.map((listener) => listener.voices()));
  const least = Math.min(...counts);
  return least >= listeners.length - 1 ? undefined : `somebody hears ${least} voices only`;
}
