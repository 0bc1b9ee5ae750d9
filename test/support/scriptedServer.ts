/**
 * An API server that says what the test wants, byte for byte, for answers that a
 * real one gives only on its worst days. It speaks real HTTP to the real client.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Answers one request. */
export type Respond = (response: ServerResponse, request: IncomingMessage) => void;

/** A listening server. */
export interface ScriptedServer {
  /** Such as `http://127.0.0.1:40001`. */
  readonly origin: string;
  readonly kubeconfig: string;
  /** `list` and `watch?resourceVersion=7` of every request, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** Each LIST takes the next of `lists`, each WATCH the next of `watches`; the last one is used again and again. */
export async function startScriptedServer(script: {
  readonly lists: readonly Respond[];
  readonly watches: readonly Respond[];
}): Promise<ScriptedServer> {
  const asked: string[] = [];
  const counts = { lists: 0, watches: 0 };
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const kind = searchParams.has('watch') ? 'watches' : 'lists';
    asked.push(kind === 'lists' ? 'list' : `watch ${searchParams.get('resourceVersion')}`);
    const responses = script[kind];
    const respond = responses[Math.min(counts[kind], responses.length - 1)];
    counts[kind] += 1;
    respond?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dir = await mkdtemp(join(tmpdir(), 'scripted-'));
  const kubeconfig = join(dir, 'kubeconfig');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(kubeconfig, kubeconfigFor(origin));
  return {
    origin,
    kubeconfig,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(dir, { recursive: true });
    },
  };
}

/** A list of ConfigMaps at `resourceVersion`. */
export function listOf(resourceVersion: string, ...names: readonly string[]): Respond {
  const items = names.map((name) => ({ metadata: { name, namespace: 'ns', uid: name, resourceVersion } }));
  return (response) => response.end(JSON.stringify({ metadata: { resourceVersion }, items }));
}

/** These lines, then what `then` does: `end` closes, `hang` says nothing more, `break` cuts the connection. */
export function lines(then: 'end' | 'hang' | 'break', ...texts: readonly string[]): Respond {
  return (response) => {
    response.flushHeaders();
    for (const text of texts) response.write(`${text}\n`);
    if (then === 'end') response.end();
    if (then === 'break') setImmediate(() => response.destroy());
  };
}

/** An HTTP status with a Status body. */
export function status(code: number, reason: string): Respond {
  return (response) =>
    response.writeHead(code).end(JSON.stringify({ kind: 'Status', code, reason, message: reason }));
}

/** One line of a watch. */
export function event(type: string, resourceVersion: string, name = 'x'): string {
  const metadata = { name, namespace: 'ns', uid: name, resourceVersion };
  return JSON.stringify({ type, object: { kind: 'ConfigMap', apiVersion: 'v1', metadata } });
}

/** The ERROR line of a watch. */
export function errorLine(code: number, reason: string): string {
  return JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code, reason, message: reason } });
}

function kubeconfigFor(server: string): string {
  return JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'c' },
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  });
}
