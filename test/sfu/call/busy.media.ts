/** Joins while the media workers are really busy: with packets that they forward. */
import { afterAll, afterEach, expect, test } from '@jest/globals';

import { observer } from 'mediasoup';
import type { Worker } from 'mediasoup/types';

import { processCpu } from '../../../sfu/ops/processes.ts';
import { eventually } from '../../support/eventually.ts';
import { keepFigures } from '../../support/keepFigures.ts';
import { loadWorker, type WorkerLoad } from '../media/workerLoad.ts';
import { descriptionOf, type Harness, startHarness } from './harness.ts';
import { Peer } from './peer.ts';
import { endPeers } from './scene.ts';

/** Longer no user should wait. Two of ten may, and may go elsewhere: other programs of the machine have a say in it. */
const promisedMs = 1_000;
const mayBeLate = 2;

/** The most impatient client, a phone, gives up after this (wire spec 2.8). */
const clientLimitMs = 5_000;

const started: Worker[] = [];
observer.on('newworker', (worker) => started.push(worker));
const peers: Peer[] = [];
let harness: Harness;
let load: WorkerLoad;
/** Packets a second. */
let rate = 0;

afterEach(async () => {
  for (const peer of peers.splice(0)) peer.close();
  load.stop();
  started.length = 0;
  await harness.close();
});
afterAll(endPeers);

async function start(workers: number): Promise<void> {
  harness = await startHarness({ workers, sampleIntervalMs: 100 });
  const first = started.find(({ pid }) => pid === harness.media.workers()[0]?.pid);
  load = await loadWorker(first!);
  rate = 2_000;
  load.setRate(rate);
}

/** Share of the next moments in which the first worker ran or waited for a core. */
async function wantedShare(): Promise<number> {
  const read = (): { readonly atMs: number; readonly wantedMs: number } => {
    const { cpuMs, waitedMs } = processCpu(harness.media.workers()[0]!.pid!)!;
    return { atMs: performance.now(), wantedMs: cpuMs + waitedMs };
  };
  const before = read();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const after = read();
  return (after.wantedMs - before.wantedMs) / (after.atMs - before.atMs);
}

/** Turns the load up, or down, until the first worker is busy for a share between the two; returns that. */
async function drive(least: number, most: number): Promise<number> {
  let share = 0;
  await eventually(
    async () => {
      share = await wantedShare();
      if (share >= least && share <= most) return undefined;
      rate *= Math.min(1.5, Math.max(0.7, (least + most) / 2 / Math.max(0.05, share)));
      load.setRate(rate);
      return `busy for ${share.toFixed(2)} at ${Math.round(rate)} packets/s`;
    },
    { timeoutMs: 60_000, intervalMs: 0 },
  );
  return share;
}

/** Joins and waits for the answer to the first offer, as long as a client would; returns how long it took. */
async function join(callID: string, sessionID: string): Promise<number> {
  const session = harness.join(callID, sessionID);
  const startMs = performance.now();
  peers.push(new Peer(session));
  const hasAnswer = (): boolean =>
    session.received.some((message) => descriptionOf(message)?.type === 'answer');
  await eventually(() => (hasAnswer() ? undefined : `${sessionID} is not answered`), {
    timeoutMs: clientLimitMs,
    intervalMs: 5,
  });
  return performance.now() - startMs;
}

const inTime = (tookMs: readonly number[]): number => tookMs.filter((ms) => ms < promisedMs).length;

const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const sessions = (): number[] => harness.media.workers().map((worker) => worker.sessions);

test('at 90 % load joins are answered within a second', async () => {
  await start(1);
  const shares: number[] = [];
  const tookMs: number[] = [];
  for (let number = 0; number < 10; number += 1) {
    shares.push(await drive(0.85, 0.95));
    tookMs.push(await join('call', `session-${number}`));
  }
  expect(inTime(tookMs)).toBeGreaterThanOrEqual(10 - mayBeLate);
  expect(sessions()).toEqual([10]);
  expect(await load.sent()).toBeGreaterThan(0);
  await keepFigures(
    'joins-at-90-percent-load',
    {
      joins: 10,
      inTime: inTime(tookMs),
      medianMs: medianOf(tookMs),
      longestMs: Math.max(...tookMs),
      load: medianOf(shares),
    },
    'media -- test/sfu/call/busy',
  );
}, 120_000);

test('while a worker is saturated joins go to the next one, also those of calls that are on it, and are answered', async () => {
  await start(2);
  await join('old', 'ann');
  await drive(0.97, 1.5);
  await eventually(() => (harness.media.workers()[0]?.hasRoom === false ? undefined : 'the first has room'));
  const tookMs: number[] = [];
  for (let number = 0; number < 5; number += 1) {
    tookMs.push(await join('old', `old-${number}`));
    tookMs.push(await join(`new-${number}`, `new-${number}`));
  }
  expect(inTime(tookMs)).toBeGreaterThanOrEqual(10 - mayBeLate);
  const [first = 0, second = 0] = sessions();
  expect(first + second).toBe(11);
  expect(second).toBeGreaterThanOrEqual(10 - mayBeLate);
}, 120_000);
