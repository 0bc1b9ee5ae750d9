/** Requests to a server under test, and what came back. */
import type { ServerUnderTest } from './server.ts';

/** One request. */
export interface Ask {
  /** Default GET. */
  readonly method?: string;
  readonly authorization?: string | undefined;
  /** Text as it is; anything else as JSON. */
  readonly body?: unknown;
}

/** What was answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The header, empty when there is none. */
  readonly contentType: string;
  readonly headers: Headers;
  /** The body read as JSON; throws when it is none. */
  readonly json: () => unknown;
}

/** Sends one request and reads the whole answer. */
export async function ask(
  server: Pick<ServerUnderTest, 'url'>,
  path: string,
  request: Ask = {},
): Promise<Answer> {
  const { method = 'GET', authorization, body } = request;
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: authorization === undefined ? {} : { authorization },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    contentType: response.headers.get('content-type') ?? '',
    headers: response.headers,
    json: () => JSON.parse(text) as unknown,
  };
}

/** POST with a body. */
export async function post(
  server: Pick<ServerUnderTest, 'url'>,
  path: string,
  request: Omit<Ask, 'method'>,
): Promise<Answer> {
  return await ask(server, path, { ...request, method: 'POST' });
}

/** An `Authorization` header by user and password. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** An `Authorization` header of the admin. */
export function admin(server: ServerUnderTest): string {
  return basic('', server.adminKey);
}
