/** The HTTP side of a TURN pod's agent without coturn behind it: what the operator asks, with answers that a test sets. */
import { createServer } from 'node:http';
import { peersDigest } from '../../operator/turn/peers.ts';
import { secretHash } from '../../operator/turn/secretHash.ts';

/** What a coturn and its agent know of themselves. */
export interface CoturnState {
  version: string;
  /** Allocations that there are, whether or not the agent can tell. */
  allocations: number;
  /** False: as an image without an exporter. */
  countsAllocations: boolean;
  isDraining: boolean;
  isEnded: boolean;
  /** False: takes connections and never answers. */
  answers: boolean;
  /** Secrets that it takes, that of the key `secret` first. */
  secrets: readonly string[];
  peers: readonly string[];
  /** What a handshake with it shows; null without TLS. */
  certificate: { readonly fingerprint: string; readonly notAfter: string } | null;
}

/** One listening stand-in. */
export interface FakeCoturn extends CoturnState {
  /** `METHOD path` of each request, and the password it came with. */
  readonly requests: { readonly call: string; readonly password: string }[];
  /** What a trial allocation comes to. */
  allocate(secret: string): { readonly ok: true } | { readonly ok: false; readonly reason: string };
  /** As a pod that is new. */
  reset(): void;
  close(): Promise<void>;
}

const fresh = (): CoturnState => ({
  ...{ version: '4.18.0', allocations: 0, countsAllocations: true, isDraining: false },
  ...{ isEnded: false, answers: true, secrets: [], peers: [], certificate: null },
});

/** Listens on `host`. */
export async function startFakeCoturn(host: string, port: number): Promise<FakeCoturn> {
  const requests: FakeCoturn['requests'] = [];
  const coturn: CoturnState = fresh();
  const server = createServer((request, response) => {
    const call = `${request.method ?? ''} ${request.url ?? ''}`;
    const credentials = Buffer.from((request.headers.authorization ?? '').slice(6), 'base64').toString();
    requests.push({ call, password: credentials.split(':')[1] ?? '' });
    if (!coturn.answers) return;
    if (call === 'POST /drain') coturn.isDraining = true;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(bodyOf(coturn)));
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return Object.assign(coturn, {
    requests,
    allocate(secret: string): ReturnType<FakeCoturn['allocate']> {
      if (coturn.isDraining) return { ok: false, reason: '403 Forbidden' };
      return coturn.secrets.includes(secret) ? { ok: true } : { ok: false, reason: '401 Unauthorized' };
    },
    reset: () => void Object.assign(coturn, fresh()),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  });
}

/** The fields of `/status` and `/drain` in one object: readers take theirs. */
function bodyOf(coturn: CoturnState): object {
  const { version, allocations, countsAllocations, isDraining, isEnded, secrets, peers, certificate } =
    coturn;
  return {
    ...{ version, draining: isDraining, ended: isEnded, certificate },
    allocations: countsAllocations ? allocations : null,
    secrets: secrets.map(secretHash),
    peersDigest: peersDigest(peers),
  };
}
