/** Debian's nginx with the project's own `deploy/nginx/rtc.conf`, on addresses and with a certificate of the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureUnpacked } from '../setup/debianProgram.ts';
import { eventually } from '../support/eventually.ts';

/** What the shipped file says, and what the test has in its place. */
export interface Site {
  /** `address:port` of the API. */
  readonly api: string;
  /** `address:port` or `port` where nginx listens. */
  readonly listen: string;
  /** PEM files; nginx reads them again at each reload. */
  readonly cert: string;
  readonly key: string;
  /** In place of the shipped 60 s. */
  readonly readTimeoutS?: number;
}

/** A running nginx. */
export interface Nginx {
  output(): string;
  /** As `nginx -s reload`: certbot does it after each renewal. */
  reload(): void;
  /** Null while it runs. */
  exitCode(): number | null;
  stop(): Promise<void>;
}

const shipped = join(import.meta.dirname, '../../deploy/nginx/rtc.conf');

/** Starts it; waits until it listens unless `isExpectedToFail`. */
export async function startNginx(
  site: Site,
  { isExpectedToFail = false }: { readonly isExpectedToFail?: boolean } = {},
): Promise<Nginx> {
  const program = join(await ensureUnpacked('nginx', () => undefined), 'usr/sbin/nginx');
  const dir = mkdtempSync(join(tmpdir(), 'rtc-nginx-'));
  chmodSync(dir, 0o755); // Its workers are another user.
  writeFileSync(join(dir, 'rtc.conf'), siteText(site));
  writeFileSync(join(dir, 'nginx.conf'), mainText(dir));
  const child = spawn(program, ['-e', 'stderr', '-c', join(dir, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const nginx = handleOf(child, dir, () => output);
  const started = (): boolean => output.includes('start worker process ');
  if (!isExpectedToFail) await eventually(() => (started() ? undefined : output));
  return nginx;
}

function handleOf(child: ChildProcess, dir: string, output: () => string): Nginx {
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    output,
    reload: () => void child.kill('SIGHUP'),
    exitCode: () => child.exitCode,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The shipped file with what differs on every host replaced, each exactly once. */
function siteText({ api, listen, cert, key, readTimeoutS = 60 }: Site): string {
  const letsEncrypt = '/etc/letsencrypt/live/prochat.progressnet.gr';
  const changes: readonly (readonly [string, string])[] = [
    ['server 127.0.0.1:8443;', `server ${api};`],
    ['listen 203.0.113.10:8443 ssl;', `listen ${listen} ssl;`],
    [`${letsEncrypt}/fullchain.pem`, cert],
    [`${letsEncrypt}/privkey.pem`, key],
    ['proxy_read_timeout 60s;', `proxy_read_timeout ${readTimeoutS}s;`],
  ];
  return changes.reduce(
    (text, [from, to]) => {
      if (text.split(from).length !== 2) throw new Error(`deploy/nginx/rtc.conf has not once '${from}'`);
      return text.replace(from, to);
    },
    readFileSync(shipped, 'utf8'),
  );
}

/** What Debian's own nginx.conf would say, but in the foreground and within one folder. */
function mainText(dir: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return [
    'daemon off; worker_processes 1; error_log stderr notice;',
    `pid ${dir}/nginx.pid;`,
    'events { worker_connections 1024; }',
    'http {',
    '  access_log off;',
    ...temporary.map((name) => `  ${name}_temp_path ${dir}/${name};`),
    `  include ${dir}/rtc.conf;`,
    '}',
    '',
  ].join('\n');
}
