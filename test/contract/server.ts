/** A server under test as a process of its own on loopback: the real rtcd or ours, by the same configuration. */
import { join } from 'node:path';

import { eventually } from '../support/eventually.ts';
import { workerBinary } from '../../sfu/worker/locate.ts';
import type { Say } from '../setup/progress.ts';
import { spawnSfu } from '../sfu/process.ts';
import { freePort } from '../support/ports.ts';
import { ensureReference } from './reference.ts';
import type { ServerKind } from './quirk.ts';

/** How to start one. */
export interface ServerOptions {
  /** On top of the defaults below; an empty value takes one away. */
  readonly env?: Readonly<Record<string, string>>;
  /** `-config FILE` and the like. */
  readonly args?: readonly string[];
  /** Default: one that is free. */
  readonly apiPort?: number;
}

/** A running server: all that a scenario may know of it. */
export interface ServerUnderTest {
  readonly url: string;
  /** `ws://…/ws`. */
  readonly wsUrl: string;
  readonly mediaPort: number;
  readonly pid: number;
  /** The password that makes an admin. */
  readonly adminKey: string;
  /** What it printed so far. */
  readonly log: () => string;
  /** Null while it runs, while its last output is still to be read, or when a signal ended it. */
  readonly exitCode: () => number | null;
  readonly signal: (signal: 'SIGTERM' | 'SIGKILL') => void;
  /** Resolves with the exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly stop: () => Promise<void>;
}

/** The admin key of every server under test. */
const adminKey = 'admin_secret_key';
const oursMain = join(import.meta.dirname, '../../sfu/main.ts');
const tries = 3;

/** How a kind of server is started. */
export interface Program {
  readonly kind: ServerKind;
  readonly command: readonly string[];
  /** What it prints once it serves. */
  readonly servingSign: string;
  /** The reference program, whose client mode drives either kind. */
  readonly reference: string;
}

/** The program of a kind, built first if need be. */
export async function programOf(kind: ServerKind, say: Say): Promise<Program> {
  const reference = await ensureReference(say);
  if (kind === 'rtcd')
    return { kind, reference, command: [reference, 'serve'], servingSign: 'reference: serving' };
  workerBinary(); // Says what to do when there is none.
  return { kind, reference, command: [process.execPath, oursMain], servingSign: 'Serving' };
}

/** Starts one and waits until it serves. Rejects with what it printed when it does not. */
export async function startServer(program: Program, options: ServerOptions = {}): Promise<ServerUnderTest> {
  for (let attempt = 1; ; attempt += 1) {
    const server = await launchServer(program, options);
    try {
      await eventually(() => notServing(program, server), { timeoutMs: 30_000 });
      return server;
    } catch (error) {
      await server.stop();
      // Ports are free when they are chosen, not when they are bound.
      if (!server.log().includes('already in use') || attempt === tries)
        throw new Error(`${program.kind} did not start:\n${server.log()}`, { cause: error });
    }
  }
}

/** Starts one and does not wait. */
export async function launchServer(program: Program, options: ServerOptions): Promise<ServerUnderTest> {
  const free = await freePort({ count: 2 });
  const apiPort = options.apiPort ?? free;
  const mediaPort = free + 1;
  const env = environment(apiPort, mediaPort, options.env ?? {});
  const scheme = env['RTCD_API_HTTP_TLS_ENABLE'] === 'true' ? 'https' : 'http';
  const url = `${scheme}://127.0.0.1:${apiPort}`;
  const server = spawnSfu(env, { program: program.command, args: options.args ?? [], url });
  const kill = (): void => void server.child.kill('SIGKILL');
  process.once('exit', kill); // A run that is cut short leaves no server behind.
  let stopped: Promise<void> | undefined;
  const ended = new Promise<number | null>((resolve) => server.child.once('close', resolve));
  return {
    url,
    wsUrl: `${url.replace('http', 'ws')}/ws`,
    mediaPort,
    pid: server.child.pid ?? 0,
    adminKey,
    log: server.output,
    exitCode: server.exitCode,
    signal: (signal) => server.child.kill(signal),
    ended,
    stop: () => {
      process.off('exit', kill);
      return (stopped ??= server.stop());
    },
  };
}

function environment(
  apiPort: number,
  mediaPort: number,
  more: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const all = {
    RTCD_API_HTTP_LISTENADDRESS: `127.0.0.1:${apiPort}`,
    RTCD_API_SECURITY_ENABLEADMIN: 'true',
    RTCD_API_SECURITY_ADMINSECRETKEY: adminKey,
    RTCD_API_SECURITY_ALLOWSELFREGISTRATION: 'true',
    RTCD_RTC_ICEADDRESSUDP: '127.0.0.1',
    RTCD_RTC_ICEADDRESSTCP: '127.0.0.1',
    RTCD_RTC_ICEPORTUDP: String(mediaPort),
    RTCD_RTC_ICEPORTTCP: String(mediaPort),
    RTCD_RTC_ICEHOSTOVERRIDE: '127.0.0.1',
    RTCD_RTC_UDPSOCKETSCOUNT: '4',
    RTCD_RTC_NACKDISABLECOPY: 'false', // Or rtcd never retransmits, wire spec appendix E.
    RTCD_STORE_DATASOURCE: 'clients',
    RTCD_LOGGER_ENABLEFILE: 'false',
    RTCD_LOGGER_CONSOLELEVEL: 'DEBUG',
    ...more,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

function notServing({ servingSign }: Program, server: ServerUnderTest): string | undefined {
  if (server.exitCode() !== null) throw new Error(`it ended with ${server.exitCode()}`);
  return server.log().includes(servingSign) ? undefined : `${server.url} does not serve yet`;
}
