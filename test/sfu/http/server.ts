/** The app as `main.ts` builds it, with real clients on a real disk; only the calls stand in, as plain data. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { buildApp, type HttpTimeouts } from '../../../sfu/app.ts';
import { createAuthenticate } from '../../../sfu/auth/authenticate.ts';
import { createClients } from '../../../sfu/auth/clients.ts';
import { createDirectoryStore } from '../../../sfu/auth/directoryStore.ts';
import { createKeyChecks } from '../../../sfu/auth/keyChecks.ts';
import { createMountedClients } from '../../../sfu/auth/mountedClients.ts';
import { createTokens } from '../../../sfu/auth/tokens.ts';
import type { TlsFiles } from '../../../sfu/config/tlsFiles.ts';
import type { SessionConfig } from '../../../sfu/call/service.ts';
import { idle, statsOf } from '../ops/sights.ts';
import type { Status } from '../../../sfu/http/status.ts';
import type { Prober } from '../../../sfu/probe/runner.ts';
import { createDrain, type Drain } from '../../../sfu/ops/drain.ts';

export const adminKey = 'admin_secret_key';
export const goodKey = 'k'.repeat(32);
export const silent = pino({ level: 'silent' });

/** What a test may change. */
export interface TestServerOptions {
  readonly isAdminEnabled?: boolean;
  readonly isSelfRegistrationAllowed?: boolean;
  /** Sessions by `groupID/callID`. */
  readonly sessions?: Readonly<Record<string, SessionConfig[]>>;
  readonly status?: Partial<Status>;
  readonly nowMs?: () => number;
  readonly tls?: TlsFiles;
  readonly mostClients?: number;
  readonly timeouts?: HttpTimeouts;
  /** Default: says that another probe is under way. */
  readonly prober?: Prober;
}

/** A built app and the parts that tests turn. */
export interface TestServer {
  readonly app: FastifyInstance;
  readonly drain: Drain;
  readonly dir: string;
  /** Lines of the log, parsed. */
  readonly logged: Record<string, unknown>[];
  close(): Promise<void>;
}

export async function createTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { isAdminEnabled = true, isSelfRegistrationAllowed = false, nowMs = Date.now } = options;
  const dir = mkdtempSync(join(tmpdir(), 'rtc-http-'));
  const store = createDirectoryStore({ dir, log: silent });
  const clients = createClients({
    store,
    mounted: await createMountedClients({ dir: '', log: silent }),
    keys: createKeyChecks({ store, pepper: undefined, log: silent }),
    most: options.mostClients ?? 0,
  });
  const tokens = createTokens({ lifetimeMs: 60_000, nowMs });
  const logged: Record<string, unknown>[] = [];
  const drain = createDrain(() => undefined);
  const status: Status = {
    cpuLoad: 1,
    stats: statsOf(),
    deadReason: undefined,
    waitingFor: undefined,
    ...options.status,
  };
  const app = buildApp({
    build: { version: '0.1.0', hash: '', date: '' },
    isAdminEnabled,
    isSelfRegistrationAllowed,
    tls: options.tls,
    ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
    metrics: () => Promise.resolve('# metrics\n'),
    status: () => status,
    authenticate: createAuthenticate({
      clients,
      tokens,
      adminKey: isAdminEnabled ? adminKey : undefined,
      log: silent,
    }),
    clients,
    tokens,
    calls: {
      handle: () => undefined,
      sessionsOf: (groupID, callID) => options.sessions?.[`${groupID}/${callID}`] ?? 'group not found',
      counts: () => idle.counts,
      sentKinds: () => [],
      close: () => Promise.resolve(),
    },
    drain,
    prober: isAdminEnabled ? (options.prober ?? (() => Promise.resolve({ outcome: 'busy' }))) : undefined,
    log: pino({ level: 'debug' }, { write: (line: string) => void logged.push(JSON.parse(line) as never) }),
  });
  return {
    app,
    drain,
    dir,
    logged,
    close: async () => {
      await app.close();
      rmSync(dir, { recursive: true });
    },
  };
}

/** `Authorization` of HTTP Basic. */
export function basic(user: string, password: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
