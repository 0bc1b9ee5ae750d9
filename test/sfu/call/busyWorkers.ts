/** Media workers that are really busy: with packets that they forward. */
import { observer } from 'mediasoup';
import type { Worker } from 'mediasoup/types';

import { processCpu } from '../../../sfu/ops/processes.ts';
import { eventually } from '../../support/eventually.ts';
import { loadWorker } from '../media/workerLoad.ts';
import { descriptionOf, type Harness, startHarness } from './harness.ts';
import { Peer } from './peer.ts';

/** Longer no user should wait. Two of ten may, and may go elsewhere: other programs of the machine have a say in it. */
export const promisedMs = 1_000;

/** See `promisedMs`. */
export const mayBeLate = 2;

/** The most impatient client, a phone, gives up after this (wire spec 2.8). */
const clientLimitMs = 5_000;

/** A server of calls whose first worker can be kept busy. */
export interface BusyWorkers {
  /** Turns the load up, or down, until the first worker is busy for a share between the two; returns that. */
  drive(least: number, most: number): Promise<number>;
  /** Joins and waits for the answer to the first offer, as long as a client would; returns how long it took, in ms. */
  join(callID: string, sessionID: string): Promise<number>;
  /** By worker. */
  sessions(): readonly number[];
  /** Whether the first worker takes more. */
  hasRoom(): boolean;
  /** Packets that the load got through so far. */
  sent(): Promise<number>;
  close(): Promise<void>;
}

/** Starts so many workers, with 2,000 packets a second on the first. */
export async function startBusyWorkers(workers: number): Promise<BusyWorkers> {
  const started: Worker[] = [];
  const note = (worker: Worker): void => void started.push(worker);
  observer.on('newworker', note);
  const harness = await startHarness({ workers, sampleIntervalMs: 300 });
  observer.off('newworker', note);
  const [first] = harness.media.workers();
  const load = await loadWorker(started.find(({ pid }) => pid === first?.pid)!);
  const peers: Peer[] = [];
  let rate = 2_000;
  load.setRate(rate);
  return {
    async drive(least, most) {
      let share = 0;
      await eventually(
        async () => {
          share = await wantedShare(first?.pid ?? 0);
          if (share >= least && share <= most) return undefined;
          rate *= Math.min(1.5, Math.max(0.7, (least + most) / 2 / Math.max(0.05, share)));
          load.setRate(rate);
          return `busy for ${share.toFixed(2)} at ${Math.round(rate)} packets/s`;
        },
        { timeoutMs: 60_000, intervalMs: 0 },
      );
      return share;
    },
    join: (callID, sessionID) => join(harness, peers, { callID, sessionID }),
    sessions: () => harness.media.workers().map((worker) => worker.sessions),
    hasRoom: () => harness.media.workers()[0]?.hasRoom !== false,
    sent: () => load.sent(),
    close: async () => {
      for (const peer of peers) peer.close();
      load.stop();
      await harness.close();
    },
  };
}

/** How many of them were answered as promised. */
export function inTime(tookMs: readonly number[]): number {
  return tookMs.filter((ms) => ms < promisedMs).length;
}

/** Share of the next moments in which the process ran or waited for a core. */
async function wantedShare(pid: number): Promise<number> {
  const read = (): { readonly atMs: number; readonly wantedMs: number } => {
    const { cpuMs, waitedMs } = processCpu(pid)!;
    return { atMs: performance.now(), wantedMs: cpuMs + waitedMs };
  };
  const before = read();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const after = read();
  return (after.wantedMs - before.wantedMs) / (after.atMs - before.atMs);
}

async function join(
  harness: Harness,
  peers: Peer[],
  { callID, sessionID }: { readonly callID: string; readonly sessionID: string },
): Promise<number> {
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
