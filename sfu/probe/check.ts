/** One session that checks one TCP path, as every client does before it sends media there. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bot, type Description } from './bot.ts';
import { callNameOf } from './callName.ts';
import { checkTcp, type IceKeys, iceKeysIn } from './iceCheck.ts';
import type { Path, PathResult } from './report.ts';
import { type Door, openWire } from './wire.ts';

/**
 * Never rejects. The WebRTC library that calls over UDP loses what comes over TCP, so what it would say of a TCP path
 * is not about the path.
 */
export async function checkOver(path: Path, door: Door, timeoutMs = 5_000): Promise<PathResult> {
  const startedMs = performance.now();
  const sessionID = callNameOf(path.worker, randomBytes(8).toString('hex'));
  const answered = Promise.withResolvers<IceKeys>();
  answered.promise.catch(() => undefined); // Whoever waits for it is told.
  const described = (_: string, { type, sdp }: Description): void => {
    const keys = type === 'answer' ? iceKeysIn(sdp) : undefined;
    if (keys !== undefined) answered.resolve(keys);
  };
  const ended = (reason: string): void => answered.reject(new Error(reason));
  const open: (() => void)[] = [];
  try {
    const wire = await openWire(door, { described, ended }, timeoutMs);
    open.push(
      () => wire.close(),
      () => wire.leave(sessionID),
    );
    wire.join(sessionID, sessionID);
    const send = (description: Description): void => wire.send(sessionID, description);
    const bot = new Bot({ name: sessionID, path, send, hear: () => undefined, onFailed: () => undefined });
    open.push(() => bot.close());
    const keys = await Promise.race([answered.promise, late(timeoutMs)]);
    await checkTcp(path, keys, timeoutMs);
    return { ...path, ok: true, joinMs: Math.round(performance.now() - startedMs) };
  } catch (error) {
    return { ...path, ok: false, message: error instanceof Error ? error.message : String(error) };
  } finally {
    for (const close of open.reverse()) close();
  }
}

async function late(timeoutMs: number): Promise<never> {
  await sleep(timeoutMs, undefined, { ref: false });
  throw new Error(`the server did not answer the offer within ${timeoutMs / 1000} s`);
}
