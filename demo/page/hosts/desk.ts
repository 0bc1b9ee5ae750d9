/** The host page over HTTP: pictures as they change (server-sent events), and wishes (POST), from this very page only. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

import type { Call } from '../server/callBook.ts';
import type { Host } from '../server/hostSet.ts';
import { apiAddressOf, drawPicture, type HostPicture, speaksTls } from './picture.ts';
import { type PodFactsPoller, pollPodFacts } from './podFacts.ts';
import { type Asked, type Refusal, refusalToAsk, refusalToRead } from './refusal.ts';
import type { ClusterWatch, KubeSeen } from './watch.ts';
import { wishSchema } from './wish.ts';

/** What the desk is made of. */
export interface DeskDeps {
  readonly calls: () => readonly Call[];
  readonly hosts: () => readonly Host[];
  /** Undefined: the server has no kubeconfig, so nothing can be asked of pods. */
  readonly watch: ClusterWatch | undefined;
  readonly apiPort: number;
  readonly log: (line: string) => void;
}

/** Takes requests, and tells of changes. */
export interface Desk {
  /** False: not ours. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Calls or hosts have changed. */
  changed(): void;
  picture(): HostPicture;
  close(): void;
}

const unwatched =
  'This server was started without a kubeconfig, so pods cannot be asked for anything: start it with RTCCLUSTER=namespace/name';
const nobody: KubeSeen = { cluster: undefined, pods: [], events: [] };
const tellEveryMs = 200;
const bodyLimitBytes = 1024;

/** A desk that nobody looks at yet. */
export function createDesk(deps: DeskDeps): Desk {
  const token = randomBytes(24).toString('base64url');
  const viewers = new Set<ServerResponse>();
  let telling: NodeJS.Timeout | undefined;

  const picture = (): HostPicture =>
    drawPicture({
      ...(deps.watch?.seen() ?? nobody),
      unwatched: deps.watch === undefined ? unwatched : null,
      facts: poller.facts(),
      hosts: deps.hosts(),
      calls: deps.calls(),
    });
  const tell = (): void => {
    telling = undefined;
    const text = `data: ${JSON.stringify(picture())}\n\n`;
    for (const viewer of viewers) viewer.write(text);
  };
  const changed = (): void => {
    if (viewers.size > 0) telling ??= setTimeout(tell, tellEveryMs).unref();
  };
  const poller: PodFactsPoller = pollPodFacts({
    addresses: () =>
      (deps.watch?.seen().pods ?? []).flatMap((pod) => (speaksTls(pod) ? [] : (apiAddressOf(pod) ?? []))),
    apiPort: deps.apiPort,
    adminKey: () => deps.watch?.adminKey() ?? Promise.resolve(undefined),
    onChange: changed,
  });
  const stopWatching = deps.watch?.onChange(changed);

  const look = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(`event: token\ndata: ${token}\n\n`);
    viewers.add(response);
    poller.start();
    response.on('close', () => {
      viewers.delete(response);
      if (viewers.size === 0) poller.stop();
    });
    response.write(`data: ${JSON.stringify(picture())}\n\n`);
  };

  return {
    picture,
    changed,
    handle(request, response) {
      const path = new URL(request.url ?? '/', 'http://page').pathname;
      if (path !== '/hosts/events' && path !== '/hosts/wishes') return false;
      const asked = askedBy(request);
      const refusal = path === '/hosts/wishes' ? refusalToAsk(asked, token) : refusalToRead(asked);
      if (refusal !== undefined) answer(response, refusal);
      else if (path === '/hosts/events') look(response);
      else void grant(deps, request, response);
      return true;
    },
    close() {
      stopWatching?.();
      poller.stop();
      clearTimeout(telling);
      for (const viewer of viewers) viewer.end();
    },
  };
}

function askedBy({ method = '', headers }: IncomingMessage): Asked {
  const { host = '', origin } = headers;
  return { method, host, origin, token: String(headers['x-page-token'] ?? '') };
}

/** Never rejects. */
async function grant(deps: DeskDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    answer(response, await verdictOn(deps, request));
  } catch (error) {
    const reason = `Kubernetes refused: ${error instanceof Error ? error.message : String(error)}`;
    answer(response, { httpStatus: 502, reason });
  }
}

async function verdictOn(deps: DeskDeps, request: IncomingMessage): Promise<Refusal> {
  const bytes = Number(request.headers['content-length'] ?? Infinity);
  if (bytes > bodyLimitBytes) return { httpStatus: 413, reason: 'Too long for a wish' };
  const wish = wishSchema.safeParse(await json(request).catch(() => undefined));
  if (!wish.success) return { httpStatus: 400, reason: 'Say {"pod": name, "act": "drain" or "undrain"}' };
  if (deps.watch === undefined) return { httpStatus: 409, reason: unwatched };
  const verdict = await deps.watch.grant(wish.data);
  deps.log(verdict.reason);
  return verdict.ok ? { httpStatus: 200, reason: verdict.reason } : verdict;
}

function answer(response: ServerResponse, { httpStatus, reason }: Refusal): void {
  response
    .writeHead(httpStatus, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify({ reason }));
}
