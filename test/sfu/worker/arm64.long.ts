/** The ARM64 worker, cross-built and run under qemu-user: a whole call goes through it. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cleanup } from 'node-datachannel';

import { emulated } from '../../../sfu/worker/cross.ts';
import { ensureWorker } from '../../../sfu/worker/ensure.ts';
import { workerBinary } from '../../../sfu/worker/locate.ts';
import { targetFor } from '../../../sfu/worker/targets.ts';
import { enter, hears, leave, unmute } from '../../deploy/conversation.ts';
import { ensurePackages } from '../../setup/packages.ts';
import { startSfu } from '../process.ts';
import { connectPlugin } from '../remotePlugin.ts';

let worker: string;

beforeAll(async () => {
  await ensurePackages(targetFor('arm64').packages, () => undefined);
  worker = await ensureWorker({ arch: 'arm64', say: () => undefined });
}, 3_600_000);

afterAll(() => cleanup());

test('it is a program for ARM64 that needs the same packages as the one for this machine', () => {
  const header = readFileSync(worker).subarray(0, 20);
  expect(header.subarray(0, 4).toString('latin1')).toBe('\u007fELF');
  expect(header.readUInt16LE(18)).toBe(183); // EM_AARCH64
  const packages = (binary: string): string => readFileSync(join(dirname(binary), 'packages'), 'utf8');
  expect(packages(worker)).toBe(packages(workerBinary()));
});

test('two people hear each other through it', async () => {
  const sfu = await startSfu({ MEDIASOUP_WORKER_BIN: await emulated(worker) });
  const plugin = await connectPlugin(sfu.url);
  const [ann, ben] = [await enter(plugin.join('call', 'ann')), await enter(plugin.join('call', 'ben'))];
  await unmute(ann);
  await hears(ben, ann, 100);
  await unmute(ben);
  await hears(ann, ben, 100);
  await leave(ann);
  await leave(ben);
  for (const peer of [ann, ben]) peer.close();
  plugin.close();
  await sfu.stop();
}, 120_000);
