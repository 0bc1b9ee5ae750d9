/** HTTP to the agents of TURN pods; and trial allocations, by which a coturn shows that it takes a secret. */
import { request } from 'undici';
import type { Trial } from '../../turn/facts.ts';
import { secretHash } from '../../turn/secretHash.ts';
import { drainingOf, type Answer } from '../answer.ts';
import { basic, messageOf } from '../client.ts';
import { createDispatchers } from '../dispatchers.ts';
import { statusIn, turnAnswer, type AgentStatus } from './status.ts';
import type { TurnTarget } from './targets.ts';

/** Asks and drains coturns through their agents. */
export interface TurnClient {
  /** Never rejects: an agent that does not answer is an answer. */
  look(target: TurnTarget): Promise<Answer>;
  /** Starts the drain, which nobody can take back; resolves to true. Rejects when it could not be told. */
  setDraining(target: TurnTarget, isDraining: boolean): Promise<boolean>;
  close(): Promise<void>;
}

/** One allocation on one coturn with a credential of `secret`, given back at once. Never rejects. */
export type Allocate = (place: {
  readonly host: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp';
  readonly realm: string;
  readonly secret: string;
}) => Promise<Trial>;

/** What a client is made of. */
export interface TurnClientDeps {
  /** Of one request. */
  readonly timeoutMs: number;
  /** How long an idle connection is kept, longer than the poll period. */
  readonly keepAliveMs: number;
  readonly allocate: Allocate;
}

/** Largest answer taken: a stranger on the port must not fill our memory. */
const maxBytes = 64 * 1024;

/** Pods whose trials are remembered. */
const remembered = 2_000;

/** A client without connections. */
export function createTurnClient(deps: TurnClientDeps): TurnClient {
  const { timeoutMs, keepAliveMs } = deps;
  const dispatchers = createDispatchers({
    ...{ timeoutMs, connections: 1, pipelining: 1 },
    ...{ keepAliveTimeout: keepAliveMs, keepAliveMaxTimeout: keepAliveMs, maxResponseSize: maxBytes },
  });
  const trials = createTrials(deps.allocate);
  const ask = async (target: TurnTarget, path: string, method: 'GET' | 'POST'): Promise<string> => {
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = { authorization: basic(target.adminKey) };
    const dispatcher = dispatchers.of(undefined);
    const response = await request(target.origin + path, { dispatcher, method, headers, signal });
    const text = await response.body.text();
    if (response.statusCode === 200) return text;
    throw new Error(`${method} ${path} answered ${response.statusCode}`);
  };
  return {
    async look(target) {
      try {
        const status = statusIn(await ask(target, '/status', 'GET'));
        return turnAnswer(status, await trials.of(target, status));
      } catch (error) {
        return { answered: false, message: messageOf(error, timeoutMs) };
      }
    },
    async setDraining(target, isDraining) {
      if (!isDraining) throw new RangeError('a coturn cannot take a drain back');
      return drainingOf(await ask(target, '/drain', 'POST'));
    },
    close: () => dispatchers.close(),
  };
}

interface Trials {
  of(target: TurnTarget, status: AgentStatus): Promise<Readonly<Record<string, Trial>>>;
}

/** A secret that was taken once is not tried again on that pod; a draining coturn refuses everybody. */
function createTrials(allocate: Allocate): Trials {
  const known = new Map<string, Record<string, Trial>>();
  const ofPod = (uid: string): Record<string, Trial> => {
    const found = known.get(uid) ?? {};
    known.delete(uid);
    known.set(uid, found);
    const [oldest] = known.keys();
    if (known.size > remembered && oldest !== undefined) known.delete(oldest);
    return found;
  };
  return {
    async of({ uid, trial, secrets }, { secrets: taken, draining, ended }) {
      const found = ofPod(uid);
      for (const secret of draining || ended ? [] : secrets) {
        const hash = secretHash(secret);
        if (!taken.includes(hash) || found[hash]?.ok === true) continue;
        found[hash] = await allocate({ ...trial, secret });
      }
      return { ...found };
    },
  };
}
