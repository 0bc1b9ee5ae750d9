/** The HTTP side of an SFU pod without media: what the operator asks, with answers that a test sets. */
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What an SFU knows of itself. */
export interface SfuState {
  readonly version: string;
  readonly sessions: number;
  readonly load: number;
  /** Set by `POST` and `DELETE /drain`. */
  isDraining: boolean;
  /** What it answers to `POST /probe`; undefined: 404, as SFUs from before probes. */
  readonly probe: object | undefined;
  /** False: takes connections and never answers. */
  readonly answers: boolean;
}

/** One listening stand-in. */
export interface FakeSfu extends SfuState {
  readonly port: number;
  version: string;
  sessions: number;
  load: number;
  probe: object | undefined;
  answers: boolean;
  /** `METHOD path` of each request, and the password it came with. */
  readonly requests: { readonly call: string; readonly password: string }[];
  close(): Promise<void>;
}

/** A certificate to serve, both parts PEM. */
export interface ServedCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Where it listens. */
export interface SfuDoor {
  readonly host: string;
  /** Default: any free one. */
  readonly port?: number;
  /** With it the door speaks TLS. */
  readonly served?: ServedCertificate | undefined;
}

/** Listens on `host`; port 0 takes a free one. With a certificate it speaks TLS. */
export async function startFakeSfu(host: string, port = 0, served?: ServedCertificate): Promise<FakeSfu> {
  const sfu: Omit<FakeSfu, 'port' | 'requests' | 'close'> = {
    ...{ version: '1.2.6', sessions: 0, load: 0 },
    ...{ isDraining: false, probe: undefined, answers: true },
  };
  const requests: FakeSfu['requests'] = [];
  const door = await serveSfu(sfu, { host, port, served }, requests);
  return Object.assign(sfu, { ...door, requests });
}

/** Answers for an SFU whose state is somebody else's; notes who asks in `requests`. */
export async function serveSfu(
  sfu: SfuState,
  { host, port = 0, served }: SfuDoor,
  requests: FakeSfu['requests'] = [],
): Promise<Pick<FakeSfu, 'port' | 'close'>> {
  const answer: RequestListener = (request, response) => {
    const call = `${request.method ?? ''} ${request.url ?? ''}`;
    const [, password = ''] = Buffer.from((request.headers.authorization ?? '').slice(6), 'base64')
      .toString()
      .split(':');
    requests.push({ call, password });
    if (!sfu.answers) return;
    if (request.url === '/drain') sfu.isDraining = request.method === 'POST';
    const body = request.url === '/probe' ? sfu.probe : bodyOf(sfu);
    response.statusCode = body === undefined ? 404 : 200;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body ?? {}));
  };
  const server =
    served === undefined
      ? createServer(answer)
      : createTlsServer({ cert: served.certificate, key: served.key }, answer);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The fields of every route in one object: readers take theirs. */
function bodyOf({ version, sessions, load, isDraining }: SfuState): object {
  const none = { voice: 0, screen: 0, screenAudio: 0, video: 0 };
  return {
    ...{ buildVersion: version, version, calls: Math.min(1, sessions), sessions, load, capacity: 300 },
    ...{ tracks: { in: none, out: none }, draining: isDraining, addresses: [] },
  };
}
