/** The server that is attacked: a real process, and what can be seen of it from outside. */
import { readdirSync, readFileSync } from 'node:fs';

import { type SfuProcess, startSfu } from '../../sfu/process.ts';

/** A running server, its ports, and its state. */
export interface Target {
  readonly sfu: SfuProcess;
  readonly apiPort: number;
  readonly mediaPort: number;
  look(): Promise<Look>;
}

/** One look at the server and its media workers. */
export interface Look {
  readonly nodeRssMiB: number;
  readonly workersRssMiB: number;
  /** File descriptors of all its processes. */
  readonly descriptors: number;
  readonly sessions: number;
  readonly calls: number;
  /** Lines of the log so far. */
  readonly logLines: number;
  /** Sessions that it ended so far. */
  readonly closedSessions: number;
}

/** Starts a server that logs what it refuses. */
export async function startTarget(env: Readonly<Record<string, string>> = {}): Promise<Target> {
  const sfu = await startSfu(env);
  const [, mediaPort] = /addresses=\["127\.0\.0\.1:(\d+)"/.exec(sfu.output()) ?? [];
  return {
    sfu,
    apiPort: Number(new URL(sfu.url).port),
    mediaPort: Number(mediaPort),
    look: () => lookAt(sfu),
  };
}

/** Why the server is no longer what it was, else undefined. */
export async function troubleOf({ sfu }: Target): Promise<string | undefined> {
  if (sfu.child.exitCode !== null || sfu.child.signalCode !== null)
    return `the server ended: ${sfu.output().slice(-2_000)}`;
  const live = await fetch(`${sfu.url}/livez`).catch((error: unknown) => String(error));
  if (typeof live === 'string') return live;
  if (live.status !== 200) return `livez ${live.status}: ${await live.text()}`;
  const [fault] =
    /^.*(Event failed|Failed to answer|Media worker died|failed inside the server).*$/m.exec(sfu.output()) ??
    [];
  return fault;
}

async function lookAt(sfu: SfuProcess): Promise<Look> {
  const node = sfu.child.pid ?? 0;
  const workers = childrenOf(node);
  const authorization = `Basic ${Buffer.from(':admin_secret_key').toString('base64')}`;
  const answer = await fetch(`${sfu.url}/stats`, { headers: { authorization } });
  const stats = (await answer.json()) as { readonly sessions: number; readonly calls: number };
  return {
    nodeRssMiB: rssMiB(node),
    workersRssMiB: workers.reduce((sum, pid) => sum + rssMiB(pid), 0),
    descriptors: [node, ...workers].reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0),
    sessions: stats.sessions,
    calls: stats.calls,
    logLines: count(sfu.output(), '\n'),
    closedSessions: count(sfu.output(), 'Closed session'),
  };
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter((child) => child.trim() !== '')
      .map(Number),
  );
}

function rssMiB(pid: number): number {
  const [, kiB] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kiB ?? 0) / 1024);
}

function count(text: string, what: string): number {
  return text.split(what).length - 1;
}
