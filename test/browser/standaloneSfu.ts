/** The SFU as a process of its own on 127.0.0.1, started as a person starts it: `node sfu/main.ts` and variables. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/ports.ts';

/** A running SFU. */
export interface StandaloneSfu {
  readonly address: string;
  readonly apiPort: number;
  /** What it logged so far. */
  log(): string;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');
const address = '127.0.0.1';

/** Resolves when it is ready; its ports are free ones of this machine. `mediaAddress`: Firefox sends none to loopback. */
export async function startStandaloneSfu(mediaAddress = address): Promise<StandaloneSfu> {
  const dir = await mkdtemp(join(tmpdir(), 'rtc-sfu-'));
  const apiPort = await freePort({ count: 2 });
  const mediaPort = apiPort + 1;
  const child = spawn(process.execPath, ['sfu/main.ts', '--config', join(dir, 'none.toml')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      RTCD_API_HTTP_LISTENADDRESS: `${address}:${apiPort}`,
      RTCD_API_SECURITY_ALLOWSELFREGISTRATION: 'true',
      RTCD_RTC_ICEADDRESSUDP: mediaAddress,
      RTCD_RTC_ICEADDRESSTCP: mediaAddress,
      RTCD_RTC_ICEPORTUDP: String(mediaPort),
      RTCD_RTC_ICEPORTTCP: String(mediaPort),
      RTCD_RTC_ICEHOSTOVERRIDE: mediaAddress,
      RTCD_STORE_DATASOURCE: join(dir, 'clients'),
    },
  });
  let log = '';
  child.stdout.on('data', (text: Buffer) => (log += text.toString()));
  child.stderr.on('data', (text: Buffer) => (log += text.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await eventually(() => notReady(apiPort, child.exitCode), { timeoutMs: 30_000 });
  } catch (error) {
    await stop();
    throw new Error(`the SFU did not start:\n${log}`, { cause: error });
  }
  return { address, apiPort, log: () => log, stop };
}

async function notReady(apiPort: number, exitCode: number | null): Promise<string | undefined> {
  if (exitCode !== null) return `it ended with ${exitCode}`;
  const response = await fetch(`http://${address}:${apiPort}/readyz`);
  return response.ok ? undefined : await response.text();
}
