/** A local coturn, as a process of its own on loopback. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createAuthority } from '../cluster/certificates.ts';
import { freePort } from '../support/ports.ts';
import { eventually } from '../support/eventually.ts';

/** Debian package with the relay. */
export const relayPackages = ['coturn'] as const;

/** How a client reaches a relay. */
export type RelayTransport = 'UDP' | 'TCP' | 'TLS';

/** A running relay. */
export interface TurnRelay {
  /** The browser's `RTCConfiguration` that allows nothing but this relay. */
  readonly rtc: (transport: RelayTransport) => object;
  readonly stop: () => Promise<void>;
}

const user = { username: 'conformance', credential: 'secret' };

/** Starts `turnserver` and waits until it listens. */
export async function startRelay(): Promise<TurnRelay> {
  const dir = await mkdtemp(join(tmpdir(), 'rtc-turn-'));
  const [port, tlsPort, firstRelayed] = [await freePort(), await freePort(), await freePort()];
  const leaf = createAuthority('turn').issue({
    subject: { commonName: 'localhost' },
    usage: 'server',
    names: ['127.0.0.1'],
  });
  await writeFile(join(dir, 'cert.pem'), leaf.certificate);
  await writeFile(join(dir, 'key.pem'), leaf.key);
  const lines = [
    'listening-ip=127.0.0.1',
    'relay-ip=127.0.0.1',
    `listening-port=${port}`,
    `tls-listening-port=${tlsPort}`,
    `min-port=${firstRelayed}`,
    `max-port=${firstRelayed + 200}`,
    'realm=conformance',
    'lt-cred-mech',
    `user=${user.username}:${user.credential}`,
    'allow-loopback-peers',
    'fingerprint',
    'no-cli',
    'no-dtls',
    `cert=${join(dir, 'cert.pem')}`,
    `pkey=${join(dir, 'key.pem')}`,
    'log-file=stdout',
    `pidfile=${join(dir, 'pid')}`,
    `userdb=${join(dir, 'db')}`,
  ];
  await writeFile(join(dir, 'turn.conf'), lines.join('\n'));
  const child = spawn('turnserver', ['-c', join(dir, 'turn.conf')], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill); // A run that is cut short leaves no relay behind.
  const urls = {
    UDP: `turn:127.0.0.1:${port}?transport=udp`,
    TCP: `turn:127.0.0.1:${port}?transport=tcp`,
    TLS: `turns:127.0.0.1:${tlsPort}?transport=tcp`,
  };
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    kill();
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
  await eventually(async () => ((await isOpen(tlsPort)) ? undefined : 'an open port of turnserver')).catch(
    async (error: unknown) => {
      await stop();
      throw error;
    },
  );
  return {
    rtc: (transport) => ({
      iceServers: [{ urls: urls[transport], ...user }],
      iceTransportPolicy: 'relay',
    }),
    stop,
  };
}

async function isOpen(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
