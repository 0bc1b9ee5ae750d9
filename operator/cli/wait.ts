/** `--wait`: asks again and again what is still missing, and tells it when that changes. */
import type { Io } from './io.ts';

const betweenMs = 1_000;

/** Resolves to undefined when nothing is missing any more, or to what still is after `timeoutMs`. */
export async function waitUntil(
  io: Io,
  missing: () => Promise<string | undefined>,
  timeoutMs = Number.POSITIVE_INFINITY,
): Promise<string | undefined> {
  const endMs = io.nowMs() + timeoutMs;
  let told = '';
  for (;;) {
    const now = await missing();
    if (now === undefined || io.nowMs() >= endMs) return now;
    if (now !== told) io.err(`waiting: ${now}\n`);
    told = now;
    await io.sleep(betweenMs);
  }
}
