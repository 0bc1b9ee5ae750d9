/** One pool of connections for each way to trust an SFU pod. */
import { checkServerIdentity, rootCertificates, type PeerCertificate } from 'node:tls';
import { Agent, type Dispatcher } from 'undici';

/** How a pod's certificate is verified. */
export interface Trust {
  /** PEM of the authority; absent: the authorities that browsers trust. */
  readonly ca?: string;
  /** DNS names, one of which it must be for. The first is sent as server name. */
  readonly names: readonly string[];
}

/** See the file comment. */
export interface Dispatchers {
  /** Absent trust: plain HTTP. */
  of(trust: Trust | undefined): Dispatcher;
  close(): Promise<void>;
}

/** More ways to trust than this at once are leftovers of renewed authorities. */
const maxPools = 256;

/** `base` holds for every connection; `timeoutMs` is the longest a connection may take to come up. */
export function createDispatchers(base: Agent.Options & { readonly timeoutMs: number }): Dispatchers {
  const { timeoutMs, ...options } = base;
  const pools = new Map<string, Agent>();
  const makeRoom = (): void => {
    const [oldest] = pools.keys();
    if (pools.size < maxPools || oldest === undefined) return;
    void pools.get(oldest)?.close();
    pools.delete(oldest);
  };
  return {
    of(trust) {
      const key = trust === undefined ? '' : JSON.stringify([trust.ca, trust.names]);
      const known = pools.get(key);
      if (known !== undefined) return known;
      makeRoom();
      const pool = new Agent({ ...options, connect: { timeout: timeoutMs, ...verification(trust) } });
      pools.set(key, pool);
      return pool;
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

function verification(trust: Trust | undefined): object {
  if (trust === undefined) return {};
  const { ca, names } = trust;
  return {
    ca: ca ?? [...rootCertificates],
    servername: names[0],
    checkServerIdentity: (_: string, peer: PeerCertificate) => identityProblem(names, peer),
  };
}

/** Undefined when the certificate is for one of the names, else what is wrong with it for the first. */
function identityProblem(names: readonly string[], peer: PeerCertificate): Error | undefined {
  const problems = names.map((name) => checkServerIdentity(name, peer));
  return problems.includes(undefined) ? undefined : problems[0];
}
