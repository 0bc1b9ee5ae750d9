/** The heap of another Node process, as its inspector tells it: after a collection, so that only what is held counts. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { eventually } from '../../support/eventually.ts';

/** A process that was started with `--inspect=127.0.0.1:PORT`. */
export interface InspectedHeap {
  /** Bytes that are held; collects garbage first. */
  usedBytes(): Promise<number>;
  close(): void;
}

/** Waits until the inspector answers. */
export async function inspectHeap(port: number): Promise<InspectedHeap> {
  let url = '';
  await eventually(async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
    const [found] = (await answer.json()) as readonly { readonly webSocketDebuggerUrl: string }[];
    url = found?.webSocketDebuggerUrl ?? '';
    return url === '' ? 'the inspector' : undefined;
  });
  const socket = new WebSocket(url);
  await once(socket, 'open');
  let id = 0;
  const ask = async (method: string): Promise<Readonly<Record<string, number>>> => {
    id += 1;
    const own = id;
    const { promise, resolve } = Promise.withResolvers<Readonly<Record<string, number>>>();
    const listener = (data: Buffer): void => {
      const answer = JSON.parse(data.toString()) as { readonly id?: number; readonly result?: object };
      if (answer.id === own) resolve((answer.result ?? {}) as Readonly<Record<string, number>>);
    };
    socket.on('message', listener);
    socket.send(JSON.stringify({ id: own, method }));
    return promise.finally(() => socket.off('message', listener));
  };
  return {
    async usedBytes() {
      // What finalizers let go of is garbage only for the second.
      for (let times = 0; times < 3; times += 1) await ask('HeapProfiler.collectGarbage');
      return (await ask('Runtime.getHeapUsage'))['usedSize'] ?? NaN;
    },
    close: () => socket.close(),
  };
}
