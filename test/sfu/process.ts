/** The real server as a child process on loopback, with ports and directories of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/ports.ts';

/** A running server. */
export interface SfuProcess {
  readonly url: string;
  readonly dir: string;
  readonly output: () => string;
  readonly child: ChildProcess;
  /** Exit code; null while it runs, while its last output is still to be read, or when a signal ended it. */
  readonly exitCode: () => number | null;
  /** Ends it gently and starts it again with the same settings and directory. */
  restart(): Promise<SfuProcess>;
  stop(): Promise<void>;
}

const main = join(import.meta.dirname, '../../sfu/main.ts');

/** Starts `node sfu/main.ts`, or another program with the same configuration; does not wait for it. `env` replaces every `RTCD_*` variable of this process. */
export function spawnSfu(
  env: Readonly<Record<string, string>>,
  options: {
    readonly args?: readonly string[];
    readonly wrap?: readonly string[];
    readonly url?: string;
    /** Default: a new one. */
    readonly dir?: string;
    /** Default: our server. */
    readonly program?: readonly string[];
  } = {},
): SfuProcess {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'rtc-sfu-'));
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^RTCD?_(?!CACHE)/.test(name)),
  );
  const [command = '', ...args] = [
    ...(options.wrap ?? []),
    ...(options.program ?? [process.execPath, main]),
    ...(options.args ?? []),
  ];
  const child = spawn(command, args, {
    cwd: dir,
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  let closed = false;
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      closed = true;
      resolve();
    }),
  );
  return {
    url: options.url ?? '',
    dir,
    child,
    output: () => output,
    exitCode: () => (closed ? child.exitCode : null),
    restart: async () => {
      child.kill('SIGTERM');
      await ended;
      const next = spawnSfu(env, { ...options, dir });
      await eventually(() => notServing(next), { timeoutMs: 30_000 });
      return next;
    },
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(dir, { recursive: true });
    },
  };
}

/** Starts a server with the admin key `admin_secret_key` and waits until it is ready. */
export async function startSfu(
  env: Readonly<Record<string, string>> = {},
  options: { readonly args?: readonly string[]; readonly wrap?: readonly string[] } = {},
): Promise<SfuProcess> {
  const port = await freePort({ count: 1 + Number(env['RTCD_RTC_WORKERS'] ?? 1) });
  const media = String(port + 1);
  const scheme = env['RTCD_API_HTTP_TLS_ENABLE'] === 'true' ? 'https' : 'http';
  const sfu = spawnSfu(
    {
      RTCD_API_HTTP_LISTENADDRESS: `127.0.0.1:${port}`,
      RTCD_API_SECURITY_ENABLEADMIN: 'true',
      RTCD_API_SECURITY_ADMINSECRETKEY: 'admin_secret_key',
      RTCD_API_SECURITY_ALLOWSELFREGISTRATION: 'true',
      RTCD_RTC_ICEADDRESSUDP: '127.0.0.1',
      RTCD_RTC_ICEADDRESSTCP: '127.0.0.1',
      RTCD_RTC_ICEPORTUDP: media,
      RTCD_RTC_ICEPORTTCP: media,
      RTCD_STORE_DATASOURCE: 'clients',
      RTCD_LOGGER_ENABLEFILE: 'false',
      ...env,
    },
    { url: `${scheme}://127.0.0.1:${port}`, ...options },
  );
  await eventually(() => notServing(sfu), { timeoutMs: 30_000 }).catch(async (error: unknown) => {
    await sfu.stop();
    throw error;
  });
  return sfu;
}

function notServing(sfu: SfuProcess): string | undefined {
  return sfu.output().includes('Serving') ? undefined : `it to serve: ${sfu.output()}`;
}
