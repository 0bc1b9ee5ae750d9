/** HTTP to SFU pods: one kept connection each, short time-outs, small answers. */
import { request } from 'undici';
import { answerOf, drainingOf, type Answer } from './answer.ts';
import { createDispatchers, type Trust } from './dispatchers.ts';

/** Where one SFU pod is asked, and with what right. */
export interface Endpoint {
  /** `http://address:port` or `https://address:port`. */
  readonly origin: string;
  readonly adminKey: string;
  /** With https: how its certificate is verified. */
  readonly trust?: Trust;
}

/** Asks and steers SFU pods. */
export interface SfuClient {
  /** Never rejects: a pod that does not answer is an answer. */
  look(endpoint: Endpoint): Promise<Answer>;
  /** Starts or ends draining; resolves to whether it drains now. Rejects when it could not be told. */
  setDraining(endpoint: Endpoint, isDraining: boolean): Promise<boolean>;
  close(): Promise<void>;
}

/** Largest answer taken: a stranger on the port must not fill our memory. */
const maxBytes = 64 * 1024;

/** `timeoutMs`: of one request; `keepAliveMs`: how long an idle connection is kept, longer than the poll period. */
export function createSfuClient(options: {
  readonly timeoutMs: number;
  readonly keepAliveMs: number;
}): SfuClient {
  const { timeoutMs, keepAliveMs } = options;
  const dispatchers = createDispatchers({
    timeoutMs,
    connections: 1,
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    maxResponseSize: maxBytes,
  });
  const ask = async (
    endpoint: Endpoint,
    path: string,
    method: 'GET' | 'POST' | 'DELETE',
  ): Promise<string> => {
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = { authorization: basic(endpoint.adminKey) };
    const dispatcher = dispatchers.of(endpoint.trust);
    const response = await request(endpoint.origin + path, { dispatcher, method, headers, signal });
    const body = await response.body.text();
    if (response.statusCode === 200) return body;
    throw new Error(`${method} ${path} answered ${response.statusCode}`);
  };
  return {
    async look(endpoint) {
      try {
        return answerOf(await ask(endpoint, '/version', 'GET'), await ask(endpoint, '/stats', 'GET'));
      } catch (error) {
        return { answered: false, message: messageOf(error, timeoutMs) };
      }
    },
    setDraining: async (endpoint, isDraining) =>
      drainingOf(await ask(endpoint, '/drain', isDraining ? 'POST' : 'DELETE')),
    close: () => dispatchers.close(),
  };
}

/** RFC 7617; the admin's name does not matter, the password is the key. */
function basic(adminKey: string): string {
  return `Basic ${Buffer.from(`:${adminKey}`).toString('base64')}`;
}

/** Without ports and times that differ at each attempt: the message ends up in a condition. */
function messageOf(error: unknown, timeoutMs: number): string {
  const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown };
  if (name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  return typeof code === 'string' ? code : String(message);
}
