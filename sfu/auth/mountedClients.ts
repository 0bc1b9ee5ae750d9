/** Clients from mounted Secrets: `<dir>/<name>/clientID` and `authKey`, read again when they change. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { poll } from '../ops/poll.ts';
import { minKeyBytes } from './rules.ts';

/** Keys of clients that cannot be registered or unregistered here. */
export interface MountedClients {
  keyOf(clientID: string): string | undefined;
  close(): void;
}

/** Default of `intervalMs`: the kubelet itself takes up to a minute to bring a changed Secret. */
const defaultIntervalMs = 2_000;

/**
 * Reads the directory, then again and again: the kubelet swaps symbolic links,
 * which file watches see in different ways on different mounts. `dir` empty = no clients.
 */
export async function createMountedClients(options: {
  readonly dir: string;
  readonly log: Logger;
  readonly intervalMs?: number;
}): Promise<MountedClients> {
  const { dir, log, intervalMs = defaultIntervalMs } = options;
  let keys: ReadonlyMap<string, string> = new Map();
  let said = '';
  const read = async (): Promise<void> => {
    const { found, problems } = await readClients(dir);
    const state = JSON.stringify([[...found], problems]);
    if (state === said) return;
    said = state;
    keys = found;
    log.info({ clients: [...found.keys()] }, 'Read mounted clients');
    for (const problem of problems) log.warn({ reason: problem }, 'Skipped a mounted client');
  };
  if (dir === '') return { keyOf: () => undefined, close: () => undefined };
  await read();
  const onError = (error: unknown): void =>
    log.error({ dir, err: error }, 'Cannot read mounted clients, those known stay');
  return { keyOf: (clientID) => keys.get(clientID), close: poll(read, intervalMs, onError) };
}

interface Found {
  readonly found: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

async function readClients(dir: string): Promise<Found> {
  const found = new Map<string, string>();
  const problems: string[] = [];
  for (const name of await namesIn(dir)) {
    const clientID = await readTrimmed(join(dir, name, 'clientID'));
    const key = await readTrimmed(join(dir, name, 'authKey'));
    const problem = problemOf(clientID, key);
    if (problem === undefined) found.set(clientID ?? '', key ?? '');
    else problems.push(`${join(dir, name)}: ${problem}`);
  }
  return { found, problems };
}

function problemOf(clientID: string | undefined, key: string | undefined): string | undefined {
  if (clientID === undefined || clientID === '') return 'the file clientID is missing or empty';
  if (key === undefined) return 'the file authKey is missing';
  return Buffer.byteLength(key) < minKeyBytes ? `authKey is shorter than ${minKeyBytes} bytes` : undefined;
}

/** Names with a leading dot are the kubelet's own (`..data`). */
async function namesIn(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(() => []);
  return names.filter((name) => !name.startsWith('.')).sort();
}

async function readTrimmed(file: string): Promise<string | undefined> {
  return (await readFile(file, 'utf8').catch(() => undefined))?.trim();
}
