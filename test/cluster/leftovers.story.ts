/** However the process that started a cluster ends, nothing of the cluster stays. */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { startCluster } from './cluster.ts';
import { lastLine } from './nextSteps.ts';
import { machineState, tracesOf } from './traces.ts';

type Owner = ChildProcessByStdio<null, Readable, Readable>;

/** A process that has a cluster with one node, and the cluster's name. */
async function ownerOfACluster(): Promise<{ readonly owner: Owner; readonly name: string }> {
  const owner = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), 'up', '--nodes', '1'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [owner.stdout, owner.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  await eventually(() => (output.includes(lastLine) ? undefined : output), { timeoutMs: 120_000 });
  const slot = /KUBECONFIG=\S*\/(\d+)\/kubeconfig/.exec(output)?.[1];
  return { owner, name: `rtc${slot ?? '?'}` };
}

/** What is left of a cluster, as text; undefined when nothing is. */
function left(name: string): string | undefined {
  const all = Object.entries(tracesOf(name)).filter(([, found]) => found.length > 0);
  return all.length === 0 ? undefined : JSON.stringify(all);
}

function reaperOf(name: string): number {
  const argument = `reaper.ts\0${name.slice(3)}\0`;
  const pid = readdirSync('/proc').find(
    (entry) => /^\d+$/.test(entry) && commandLine(entry).endsWith(argument),
  );
  if (pid === undefined) throw new Error(`no reaper of ${name}`);
  return Number(pid);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

const before = machineState();

test('Ctrl-C ends it in good order', async () => {
  const { owner, name } = await ownerOfACluster();
  owner.kill('SIGINT');
  const code = await new Promise((resolve) => owner.once('exit', resolve));
  expect(code).toBe(0);
  expect(left(name)).toBeUndefined();
}, 180_000);

test('after a kill -9 of its owner the reaper removes it', async () => {
  const { owner, name } = await ownerOfACluster();
  owner.kill('SIGKILL');
  await eventually(() => left(name), { timeoutMs: 30_000 });
  expect(machineState()).toEqual(before);
}, 180_000);

test('after a kill -9 of owner and reaper its programs end by themselves, and the next start removes the rest', async () => {
  const { owner, name } = await ownerOfACluster();
  process.kill(reaperOf(name), 'SIGKILL');
  owner.kill('SIGKILL');
  await eventually(() => tracesOf(name)['processes']?.join('\n') || undefined, { timeoutMs: 30_000 });
  expect(left(name)).toContain('namespaces');
  const next = await startCluster({ nodes: 0 });
  try {
    expect(next.name).toBe(name);
    expect(tracesOf(name)['cgroups']).toEqual([]);
    await next.kubectl('get', 'namespaces');
  } finally {
    await next.stop();
  }
  expect(left(name)).toBeUndefined();
}, 240_000);
