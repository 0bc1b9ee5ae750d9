/** HTTP to SFU pods: one kept connection each, short time-outs, small answers. */
import { request } from 'undici';
import { answerOf, drainingOf, type Answer } from './answer.ts';
import { createDispatchers, type Trust } from './dispatchers.ts';
import { rtcdAnswer } from './rtcd.ts';
import { createRtcdRegistrar, type RtcdInstance } from './rtcdClients.ts';

/** Where one SFU pod is asked, and with what right. */
export interface Endpoint {
  /** `http://address:port` or `https://address:port`. */
  readonly origin: string;
  readonly adminKey: string;
  /** With https: how its certificate is verified. */
  readonly trust?: Trust;
  /** Present: a stock rtcd, which is asked otherwise and must be told its clients. */
  readonly rtcd?: RtcdInstance;
}

/** Asks and steers SFU pods. */
export interface SfuClient {
  /** Never rejects: a pod that does not answer is an answer. */
  look(endpoint: Endpoint): Promise<Answer>;
  /** Starts or ends draining; resolves to whether it drains now. Rejects when it could not be told. */
  setDraining(endpoint: Endpoint, isDraining: boolean): Promise<boolean>;
  close(): Promise<void>;
}

/** Largest answer taken, the metrics of an rtcd: a stranger on the port must not fill our memory. */
const maxBytes = 512 * 1024;

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
  const send = async (endpoint: Endpoint, { path, method, body }: Call): Promise<Reply> => {
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = { authorization: basic(endpoint.adminKey) };
    const dispatcher = dispatchers.of(endpoint.trust);
    const options = { dispatcher, method, headers, signal, ...(body && { body: JSON.stringify(body) }) };
    const response = await request(endpoint.origin + path, options);
    return { status: response.statusCode, text: await response.body.text() };
  };
  const ask = async (endpoint: Endpoint, path: string, method: Method = 'GET'): Promise<string> => {
    const { status, text } = await send(endpoint, { path, method });
    if (status === 200) return text;
    throw new Error(`${method} ${path} answered ${status}`);
  };
  const registrar = createRtcdRegistrar();
  const lookAtRtcd = async (endpoint: Endpoint, rtcd: RtcdInstance): Promise<Answer> => {
    await registrar.admit(
      rtcd,
      async (path, body) => (await send(endpoint, { path, method: 'POST', body })).status,
    );
    return rtcdAnswer(await ask(endpoint, '/version'), await ask(endpoint, '/metrics'));
  };
  return {
    async look(endpoint) {
      try {
        if (endpoint.rtcd !== undefined) return await lookAtRtcd(endpoint, endpoint.rtcd);
        return answerOf(await ask(endpoint, '/version'), await ask(endpoint, '/stats'));
      } catch (error) {
        return { answered: false, message: messageOf(error, timeoutMs) };
      }
    },
    setDraining: async (endpoint, isDraining) =>
      drainingOf(await ask(endpoint, '/drain', isDraining ? 'POST' : 'DELETE')),
    close: () => dispatchers.close(),
  };
}

type Method = 'GET' | 'POST' | 'DELETE';

interface Call {
  readonly path: string;
  readonly method: Method;
  readonly body?: object;
}

interface Reply {
  readonly status: number;
  readonly text: string;
}

/** RFC 7617; the admin's name does not matter, the password is the key. */
export function basic(adminKey: string): string {
  return `Basic ${Buffer.from(`:${adminKey}`).toString('base64')}`;
}

/** Without ports and times that differ at each attempt: the message ends up in a condition. */
export function messageOf(error: unknown, timeoutMs: number): string {
  const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown };
  if (name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  return typeof code === 'string' ? code : String(message);
}
