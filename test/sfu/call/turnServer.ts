/** A coturn on loopback, with credentials as the plugin makes them (wire spec 6). */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeCertificate } from '../../support/certificate.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/ports.ts';

/** Debian package with the server. */
export const turnPackages = ['coturn'] as const;

/** A running server. */
export interface TurnServer {
  /** What a browser is given, for one way to the server. */
  iceServer(way: TurnWay, sessionID: string): object;
  close(): Promise<void>;
}

/** How a client reaches it. */
export type TurnWay = 'UDP' | 'TCP' | 'TLS';

const secret = 'a-secret-of-this-test-and-no-other';

/** Starts one that relays to loopback, and waits until it listens. */
export async function startTurnServer(): Promise<TurnServer> {
  const dir = mkdtempSync(join(tmpdir(), 'rtc-turn-'));
  const [port, tlsPort] = [await freePort(), await freePort()];
  const { cert, key } = writeCertificate(dir, { host: 'localhost', addresses: ['127.0.0.1'] });
  const file = join(dir, 'turnserver.conf');
  writeFileSync(file, settings({ dir, port, tlsPort, cert, key }));
  const child = spawn('turnserver', ['-c', file], { stdio: 'ignore' });
  await Promise.all([listens(port), listens(tlsPort)]);
  return {
    iceServer: (way, sessionID) => ({
      urls: [
        way === 'TLS'
          ? `turns:127.0.0.1:${tlsPort}?transport=tcp`
          : `turn:127.0.0.1:${port}?transport=${way.toLowerCase()}`,
      ],
      ...credentials(sessionID),
    }),
    close: async () => {
      await ended(child);
      rmSync(dir, { recursive: true });
    },
  };
}

function settings(
  of: Readonly<Record<'cert' | 'dir' | 'key', string>> & { port: number; tlsPort: number },
): string {
  return [
    ...['listening-ip=127.0.0.1', 'relay-ip=127.0.0.1', 'allow-loopback-peers', 'no-cli', 'fingerprint'],
    ...[`listening-port=${of.port}`, `tls-listening-port=${of.tlsPort}`, `cert=${of.cert}`, `pkey=${of.key}`],
    ...['realm=test', 'use-auth-secret', `static-auth-secret=${secret}`],
    ...[`pidfile=${join(of.dir, 'pid')}`, `userdb=${join(of.dir, 'db')}`, `log-file=${join(of.dir, 'log')}`],
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** coturn's REST scheme: the name carries when it ends, the password proves it. */
function credentials(sessionID: string): { readonly username: string; readonly credential: string } {
  const username = `${Math.floor(Date.now() / 1000) + 600}:${sessionID}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}

async function listens(port: number): Promise<void> {
  await eventually(
    () =>
      new Promise<string | undefined>((resolve) => {
        const socket = createConnection({ port, host: '127.0.0.1' });
        socket.once('error', (error) => resolve(`TURN on port ${port}: ${error.message}`));
        socket.once('connect', () => {
          socket.destroy();
          resolve(undefined);
        });
      }),
  );
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
