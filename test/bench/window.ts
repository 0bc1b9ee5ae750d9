/** What comes, and what it costs, in a time that begins now. */
import type { Target } from './target.ts';
import { type Hall, wait } from './hall.ts';
import { quantiles } from './summary.ts';
import { treeUse } from './tree.ts';

/** Times in milliseconds. */
export interface WindowResult {
  readonly windowSeconds: number;
  /** Packets that came to a receiver, and those that should have. */
  readonly forwarded: number;
  readonly lost: number;
  /** CPU of the whole process tree of the server. */
  readonly cpuMs: number;
  /** Of the server for one forwarded packet, in microseconds. */
  readonly cpuPerPacketUs: number;
  readonly delayMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** CPU of the generator, as a share of one core: near 1 it is the limit itself. */
  readonly generatorLoad: number;
}

/** Counts for so many seconds. `residentBytes`: of the whole tree at its end. */
export async function measureWindow(
  hall: Hall,
  target: Target,
  windowSeconds: number,
): Promise<{ readonly result: WindowResult; readonly residentBytes: number }> {
  const streams = hall.users.flatMap((user) => [...user.streams.values()]);
  const delays: number[] = [];
  for (const stream of streams) stream.open();
  hall.listen(delays);
  const [begin, own, startedMs] = [treeUse(target.pid), process.cpuUsage(), performance.now()];
  await wait(windowSeconds);
  const [end, used, windowMs] = [treeUse(target.pid), process.cpuUsage(own), performance.now() - startedMs];
  hall.listen(undefined);
  const counts = streams.map((stream) => stream.read());
  const forwarded = counts.reduce((sum, { packets }) => sum + packets, 0);
  const cpuMs = end.cpuMs - begin.cpuMs;
  const [p50 = NaN, p95 = NaN, p99 = NaN] = quantiles(delays, [0.5, 0.95, 0.99]);
  return {
    residentBytes: end.residentBytes,
    result: {
      windowSeconds: windowMs / 1000,
      forwarded,
      lost: counts.reduce((sum, { lost }) => sum + lost, 0),
      cpuMs,
      cpuPerPacketUs: (cpuMs * 1000) / forwarded,
      delayMs: { p50, p95, p99 },
      generatorLoad: (used.user + used.system) / 1000 / windowMs,
    },
  };
}
