/** The agent's HTTP: health for the kubelet, the rest for who has a key. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen, type SmallServer } from '../ops/listen.ts';
import type { Agent } from './agent.ts';
import { allocationsIn } from './allocations.ts';
import type { AgentConfig } from './config.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}

type Right = 'anybody' | 'metrics' | 'admin';

interface Route {
  readonly right: Right;
  readonly answer: (agent: Agent) => Answer | Promise<Answer>;
}

const routes: Readonly<Record<string, Route>> = {
  'GET /livez': { right: 'anybody', answer: () => ok('ok') },
  'GET /startupz': { right: 'anybody', answer: (agent) => checked(agent.starting()) },
  'GET /readyz': { right: 'anybody', answer: (agent) => checked(agent.ready()) },
  'GET /status': { right: 'admin', answer: statusOf },
  'POST /drain': { right: 'admin', answer: drained },
  'GET /drain': { right: 'admin', answer: ({ isDraining }) => ok(JSON.stringify({ draining: isDraining })) },
  'GET /metrics': { right: 'metrics', answer: metricsOf },
};

/** Resolves when it listens on the pod's first address; rejects when the port is taken. */
export function startAgentServer(agent: Agent, config: AgentConfig): Promise<SmallServer> {
  const { addresses, port } = config;
  return listen({ host: addresses[0], port }, (request, response) => {
    void answerTo(agent, config, request)
      .catch((error: unknown) => ({ status: 500, body: (error as Error).message }))
      .then((answer) => send(response, answer));
  });
}

async function answerTo(agent: Agent, config: AgentConfig, request: IncomingMessage): Promise<Answer> {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const route = routes[`${request.method ?? ''} ${path}`];
  if (route === undefined) return { status: 404, body: 'not found: there is /status, /drain, /metrics' };
  if (!mayAsk(config, request.headers.authorization, route.right))
    return {
      status: 401,
      body: 'a key of the Secret <name>-turn-agent is needed, as a bearer token or as the password of Basic authentication',
    };
  return route.answer(agent);
}

function mayAsk(config: AgentConfig, authorization: string | undefined, right: Right): boolean {
  if (right === 'anybody') return true;
  const keys = [config.adminKey, ...(right === 'metrics' ? [config.metricsKey ?? config.adminKey] : [])];
  const password = passwordIn(authorization ?? '');
  if (password === undefined) return false;
  return keys.some((key) => timingSafeEqual(digest(key), digest(password)));
}

/** `Basic` with any user name, as the operator asks, or `Bearer`, as Prometheus sends what a Secret holds (RFC 7617, RFC 6750). */
function passwordIn(authorization: string): string | undefined {
  const [, scheme = '', given = ''] = /^(Basic|Bearer) (.+)$/i.exec(authorization) ?? [];
  if (given === '') return undefined;
  if (scheme.toLowerCase() === 'bearer') return given;
  return Buffer.from(given, 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function ok(body: string): Answer {
  return { status: 200, body };
}

function checked(reasonWhyNot: string | undefined): Answer {
  return reasonWhyNot === undefined ? ok('ok') : { status: 503, body: reasonWhyNot };
}

async function drained(agent: Agent): Promise<Answer> {
  agent.drain();
  await agent.round();
  return ok(JSON.stringify({ draining: true }));
}

async function statusOf(agent: Agent): Promise<Answer> {
  const status = agent.status();
  const metrics = await exported(agent);
  const allocations = status.ended ? 0 : metrics === undefined ? null : allocationsIn(metrics);
  return ok(JSON.stringify({ ...status, allocations }));
}

async function metricsOf(agent: Agent): Promise<Answer> {
  const metrics = await exported(agent);
  if (metrics !== undefined) return ok(metrics);
  return {
    status: 503,
    body: 'coturn has no exporter: its image is built without Prometheus, or it does not run',
  };
}

const exporterTimeoutMs = 1_000;

/** Only this agent speaks to the exporter, which has no keys and listens on 127.0.0.1. */
async function exported({ exporterPort }: Agent): Promise<string | undefined> {
  if (exporterPort === undefined) return undefined;
  try {
    const signal = AbortSignal.timeout(exporterTimeoutMs);
    const response = await fetch(`http://127.0.0.1:${exporterPort}/metrics`, { signal });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const type = body.startsWith('{') ? 'application/json' : 'text/plain; charset=utf-8';
  const asks = status === 401 ? { 'www-authenticate': 'Basic realm="agent"' } : {};
  response.writeHead(status, { 'content-type': type, ...asks }).end(`${body.trimEnd()}\n`);
}
