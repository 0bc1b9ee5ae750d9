/** Rounds of waves over one server; after each everybody is gone, and what the server still holds is looked at. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { cleanup } from 'node-datachannel';

import { eventually } from '../../support/eventually.ts';
import { connectPlugin, type Plugin } from '../live/plugin.ts';
import { startTarget, type Target, troubleOf } from '../live/target.ts';
import { judge, type Judged, type Level } from './levels.ts';
import type { Held } from './probe.ts';
import type { Wave } from './waves.ts';

/** How much of what. */
export interface ChurnOptions {
  /** Sessions in all. */
  readonly sessions: number;
  /** The first warms up: what it leaves is what the others are held against. At least 2. */
  readonly rounds: number;
  readonly waves: readonly Wave[];
  readonly say: (line: string) => void;
}

/** Plays the rounds and judges what they left. Rejects when the server fails or does not become calm. */
export async function churn({ sessions, rounds, waves, say }: ChurnOptions): Promise<Judged[]> {
  const dir = mkdtempSync(join(tmpdir(), 'rtc-churn-'));
  const probeFile = join(dir, 'held.json');
  const probe = pathToFileURL(join(import.meta.dirname, 'probe.ts')).href;
  const target = await startTarget({ NODE_OPTIONS: `--import=${probe}`, PROBE_FILE: probeFile });
  try {
    const plugin = await connectPlugin(target.sfu.url, 'churn');
    const levels: Level[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const wave of waves) {
        await wave.run({ target, plugin, tag: `${round}` }, (sessions / rounds) * wave.share);
        say(`round ${round}: ${wave.name}`);
      }
      levels.push(await levelOf(target, probeFile, levels[0]));
      say(`round ${round}: ${JSON.stringify(levels.at(-1))}`);
    }
    await assertWell(target, plugin);
    return judge(levels);
  } finally {
    cleanup();
    await target.sfu.stop();
    rmSync(dir, { recursive: true });
  }
}

async function assertWell(target: Target, plugin: Plugin): Promise<void> {
  const trouble = await troubleOf(target);
  if (trouble !== undefined) throw new Error(trouble);
  plugin.close();
}

/** The longest time-out is that of a socket which says nothing: a minute, looked at every half. */
const calmTimeoutMs = 150_000;

/** Waits until the server holds what it did after the first round; then, or when it never does, says what it holds. */
async function levelOf(target: Target, probeFile: string, first: Level | undefined): Promise<Level> {
  const isCalm = async (): Promise<string | undefined> => {
    const look = await target.look();
    if (look.sessions > 0) return `${look.sessions} sessions`;
    const sockets = openSockets(target.apiPort);
    if (sockets > allowedSockets) return `${sockets} connections to the API`;
    return first !== undefined && look.descriptors > first.look.descriptors
      ? `${look.descriptors} descriptors`
      : undefined;
  };
  await eventually(isCalm, { timeoutMs: calmTimeoutMs, intervalMs: 500 }).catch(async (error: unknown) => {
    if (first === undefined || (await target.look()).sessions > 0) throw error;
  });
  const held = await askProbe(target, probeFile);
  return { look: await target.look(), held };
}

/** The plugin's and those by which we look. */
const allowedSockets = 6;

/** Established connections at the server's end, from proc(5). */
function openSockets(port: number): number {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const [, ...rows] = readFileSync('/proc/net/tcp', 'utf8').trimEnd().split('\n');
  return rows.filter((row) => {
    const [, local, , state] = row.trim().split(/\s+/);
    return local?.endsWith(`:${hexPort}`) === true && state === '01';
  }).length;
}

async function askProbe({ sfu }: Target, file: string): Promise<Held> {
  const read = (): Held | undefined => {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Held;
    } catch {
      return undefined;
    }
  };
  const before = read()?.answer ?? 0;
  sfu.child.kill('SIGUSR2');
  await eventually(() => ((read()?.answer ?? 0) > before ? undefined : 'answer of the probe'), {
    intervalMs: 20,
  });
  const held = read();
  if (held === undefined) throw new Error('the probe has taken its answer back');
  return held;
}
