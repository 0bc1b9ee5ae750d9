/** `/livez`, `/readyz` and `/metrics` for the kubelet and Prometheus. */
import type { ServerResponse } from 'node:http';
import { listen, type Place, type SmallServer } from './listen.ts';

/** Says why not; undefined when all is well. */
export type Check = () => string | undefined;

/** What a health server is made of. */
export interface HealthDeps extends Place {
  /** Failing makes the kubelet restart the container: only for what a restart heals. */
  readonly isAlive: Check;
  readonly isReady: Check;
  /** Prometheus text format 0.0.4. */
  readonly metrics: () => Promise<string>;
}

/** Resolves when it listens; rejects when the port is taken. */
export function startHealthServer(deps: HealthDeps): Promise<SmallServer> {
  return serveAnswers(deps, (path) => answerTo(deps, path));
}

/** Texts by path. Resolves when it listens; rejects when the port is taken. */
export function serveAnswers(place: Place, answer: (path: string) => Promise<Answer>): Promise<SmallServer> {
  return listen(place, (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    answer(path)
      .catch((error: unknown) => ({ status: 500, text: String(error) }))
      .then(
        (told) => send(response, told),
        () => response.destroy(),
      );
  });
}

/** One answer. */
export interface Answer {
  /** Of HTTP. */
  readonly status: number;
  readonly text: string;
  /** Media type. Default `text/plain`. */
  readonly type?: string;
}

async function answerTo(deps: HealthDeps, path: string): Promise<Answer> {
  switch (path) {
    case '/livez':
      return checked(deps.isAlive());
    case '/readyz':
      return checked(deps.isReady());
    case '/metrics':
      return { status: 200, text: await deps.metrics(), type: 'text/plain; version=0.0.4; charset=utf-8' };
    default:
      return { status: 404, text: 'not found: try /livez, /readyz or /metrics' };
  }
}

function checked(reasonWhyNot: string | undefined): Answer {
  return reasonWhyNot === undefined ? { status: 200, text: 'ok' } : { status: 503, text: reasonWhyNot };
}

function send(response: ServerResponse, { status, text, type = 'text/plain' }: Answer): void {
  response.writeHead(status, { 'content-type': type }).end(`${text.trimEnd()}\n`);
}
