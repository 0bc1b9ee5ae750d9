/** rtcd's own service client, the one the Calls plugin is built with, as a process driven by JSON lines. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { eventually } from '../support/eventually.ts';

/** What the client reported by itself. */
export interface GoEvent {
  readonly event: 'message' | 'error' | 'reconnecting';
  readonly type?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly attempt?: number;
  readonly error?: string;
}

/** Options of `startGoClient`. */
export interface GoClientOptions {
  /** Path of the reference program. */
  readonly program: string;
  readonly url: string;
  readonly clientID: string;
  readonly authKey: string;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told of each event when it comes. */
  readonly onEvent?: (event: GoEvent) => void;
}

/** A service client. */
export interface GoClient {
  readonly events: readonly GoEvent[];
  /** Does what the reference's `op` of this name does. Rejects with the client's own error. */
  readonly ask: (op: string, more?: Readonly<Record<string, unknown>>) => Promise<unknown>;
  /** Waits for a message of this type. */
  readonly message: (type: string) => Promise<Readonly<Record<string, unknown>>>;
  readonly stop: () => void;
}

interface Reply {
  readonly id: number;
  readonly error?: string;
  readonly result?: unknown;
}

/** Starts one; it connects when asked to. */
export function startGoClient(options: GoClientOptions): GoClient {
  const { program, url, clientID, authKey, env = {}, onEvent } = options;
  const child = spawn(program, ['client', '-url', url, '-id', clientID, '-key', authKey], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const events: GoEvent[] = [];
  const pending = new Map<number, (reply: Reply) => void>();
  let asked = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as Reply | GoEvent;
    if ('event' in message) {
      events.push(message);
      onEvent?.(message);
    } else pending.get(message.id)?.(message);
  });
  child.once('close', () =>
    pending.forEach((settle, id) => settle({ id, error: 'the client process ended' })),
  );
  const messageOf = (type: string): GoEvent | undefined => events.find((event) => event.type === type);
  return {
    events,
    ask: async (op, more = {}) => {
      const id = (asked += 1);
      const reply = new Promise<Reply>((resolve) => pending.set(id, resolve));
      child.stdin.write(`${JSON.stringify({ ...more, id, op })}\n`);
      const { error, result } = await reply;
      if (error !== undefined) throw new Error(error);
      return result;
    },
    message: async (type) => {
      await eventually(() => (messageOf(type) === undefined ? `a ${type} message` : undefined));
      return messageOf(type)?.data ?? {};
    },
    stop: () => child.kill('SIGKILL'),
  };
}
