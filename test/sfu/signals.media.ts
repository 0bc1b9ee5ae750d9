/** What a terminal (Ctrl-C) and systemd (KillMode=control-group) do: signal every process of the server at once. */
import { existsSync, readFileSync } from 'node:fs';

import { afterAll, afterEach, expect, test } from '@jest/globals';

import { eventually } from '../support/eventually.ts';
import type { Peer } from './call/peer.ts';
import { endPeers, hears, Scene, unmute } from './call/scene.ts';
import { type SfuProcess, startSfu } from './process.ts';
import { connectPlugin } from './remotePlugin.ts';

let sfu: SfuProcess;

afterEach(() => sfu.stop());
afterAll(endPeers);

interface Started {
  readonly scene: Scene;
  readonly ann: Peer;
  readonly bob: Peer;
  /** Process ID of the media worker. */
  readonly worker: number;
}

/** As its own process group, with two people in a call, of whom bob hears ann. */
async function startCall(): Promise<Started> {
  sfu = await startSfu({}, { wrap: ['setsid'] });
  const scene = new Scene(await connectPlugin(sfu.url), 'call');
  const [ann, bob] = [await scene.enter('ann'), await scene.enter('bob')];
  await unmute(ann);
  scene.talk(ann);
  await hears(bob, ann);
  const { pid = 0 } = sfu.child;
  const worker = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
  return { scene, ann, bob, worker };
}

/** A process that has ended and was not waited for by its parent counts as gone. */
function isThere(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !readFileSync(file, 'utf8').includes(') Z ');
}

const isGone = (pid: number): Promise<void> =>
  eventually(() => (isThere(pid) ? `process ${pid} is still there` : undefined));

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s to every process at once drains: the call goes on until its last session has left',
  async (signal) => {
    const { scene, ann, bob, worker } = await startCall();
    process.kill(-sfu.child.pid!, signal);
    await eventually(() => (sfu.output().includes('state=terminating') ? undefined : sfu.output()));
    await hears(bob, ann, 100);
    expect(isThere(worker)).toBe(true);
    expect(sfu.output()).not.toContain('Media worker died');
    scene.end();
    await eventually(() => (sfu.exitCode() === 0 ? undefined : sfu.output()));
    await isGone(worker);
  },
);

test('a worker ends with its server, even when that is killed', async () => {
  const { scene, worker } = await startCall();
  sfu.child.kill('SIGKILL');
  await isGone(worker);
  scene.end();
});
