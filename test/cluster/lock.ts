/** One at a time on this machine. The kernel frees the lock when its holder ends, however that happens. */
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { eventually } from '../support/eventually.ts';

/** Runs `work` while no other process of the machine runs any under the same name. Rejects when its turn does not come in time. */
export async function withMachineLock<T>(
  name: string,
  work: () => Promise<T>,
  timeoutMs = 60_000,
): Promise<T> {
  let server: Server | undefined;
  await eventually(
    async () => {
      server = await listen(`\0${name}`);
      return server === undefined ? `the lock ${name}, held by another process` : undefined;
    },
    { timeoutMs },
  );
  try {
    return await work();
  } finally {
    server?.close();
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
