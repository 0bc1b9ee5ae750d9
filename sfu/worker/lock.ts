/** One at a time on this machine. The kernel frees the lock when its holder ends, however that happens. */
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Between two looks whether the lock is free. */
const lookMs = 50;

/** How to wait for one's turn. */
export interface LockOptions {
  /** Default 60,000. */
  readonly timeoutMs?: number;
  /** Told once, when the turn does not come at once. */
  readonly onWait?: () => void;
}

/** Runs `work` while no other process of the machine runs any under the same name. Rejects when its turn does not come in time. */
export async function withMachineLock<T>(
  name: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const server = await waitFor(name, options);
  try {
    return await work();
  } finally {
    server.close();
  }
}

async function waitFor(name: string, { timeoutMs = 60_000, onWait }: LockOptions): Promise<Server> {
  const deadlineMs = performance.now() + timeoutMs;
  for (let isFirst = true; ; isFirst = false) {
    const server = await listen(`\0${name}`);
    if (server !== undefined) return server;
    if (isFirst) onWait?.();
    if (performance.now() > deadlineMs)
      throw new Error(`still held by another process after ${timeoutMs / 1000} s: the lock ${name}`);
    await pause(lookMs);
  }
}

/** A name in the abstract namespace of Unix sockets (unix(7)): no file, so nothing to clean up. */
function listen(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => resolve(server));
  });
}
