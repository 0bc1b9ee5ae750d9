/**
 * Pure: how well somebody comes through, in one word, with the numbers behind it. The
 * limits of the round trip are those of ITU-T G.114 for one way from mouth to ear: two
 * people with like paths to the server hear each other after one such round trip.
 */
import type { StreamCounters } from './streams.ts';

/** What was measured over the last interval. */
export interface Numbers {
  /** 0 to 1; undefined when nothing came. */
  readonly lossRate: number | undefined;
  readonly jitterMs: number | undefined;
  readonly roundTripMs: number | undefined;
  readonly bitsPerSecond: number;
  /** `1280 × 720, 10 fps`; undefined without a picture. */
  readonly picture: string | undefined;
}

/** `quiet`: nothing to judge by. */
export type Grade = 'good' | 'fair' | 'poor' | 'quiet';

/** A grade, and the number that decided. */
export interface Quality {
  readonly grade: Grade;
  readonly reason: string;
  readonly numbers: Numbers;
}

/** Up to `fair` is good, up to `poor` is fair. */
export const limits = {
  lossRate: { fair: 0.02, poor: 0.08 },
  jitterMs: { fair: 30, poor: 80 },
  roundTripMs: { fair: 150, poor: 400 },
} as const;

/** Judges somebody by all of their streams, counted twice. */
export function qualityOf(
  now: readonly StreamCounters[],
  before: readonly StreamCounters[],
  roundTripMs: number | undefined,
): Quality {
  const grown = now.map((stream) =>
    growthOf(
      stream,
      before.find((old) => isSame(old, stream)),
    ),
  );
  const live = grown.filter(({ packets }) => packets > 0);
  const numbers: Numbers = {
    lossRate: highest(live.map(({ packets, lost }) => lost / (packets + lost))),
    jitterMs: highest(live.flatMap(({ stream }) => stream.jitterMs ?? [])),
    roundTripMs,
    bitsPerSecond: grown.reduce((sum, { bitsPerSecond }) => sum + bitsPerSecond, 0),
    picture: pictureText(live.map(({ stream }) => stream)),
  };
  return { ...gradeOf(numbers), numbers };
}

/** The worst of the three numbers decides. */
export function gradeOf(numbers: Numbers): Omit<Quality, 'numbers'> {
  if (numbers.lossRate === undefined) return { grade: 'quiet', reason: 'Nothing is sent at the moment' };
  const judged = [
    judge('lossRate', numbers.lossRate, `${(numbers.lossRate * 100).toFixed(1)} % of the packets are lost`),
    judge('roundTripMs', numbers.roundTripMs, `The round trip takes ${whole(numbers.roundTripMs)} ms`),
    judge('jitterMs', numbers.jitterMs, `Packets come up to ${whole(numbers.jitterMs)} ms early or late`),
  ];
  const decides =
    judged.find(({ grade }) => grade === 'poor') ?? judged.find(({ grade }) => grade === 'fair');
  return decides ?? { grade: 'good', reason: 'Loss, round trip and jitter are low' };
}

function judge(
  what: keyof typeof limits,
  value: number | undefined,
  reason: string,
): { readonly grade: Grade; readonly reason: string } {
  const { fair, poor } = limits[what];
  return { grade: (value ?? 0) > poor ? 'poor' : (value ?? 0) > fair ? 'fair' : 'good', reason };
}

interface Growth {
  readonly stream: StreamCounters;
  readonly packets: number;
  readonly lost: number;
  readonly bitsPerSecond: number;
}

function growthOf(stream: StreamCounters, old: StreamCounters | undefined): Growth {
  const seconds = old === undefined ? 0 : (stream.atMs - old.atMs) / 1000;
  if (old === undefined || seconds <= 0) return { stream, packets: 0, lost: 0, bitsPerSecond: 0 };
  return {
    stream,
    packets: stream.packets - old.packets,
    lost: Math.max(0, stream.lost - old.lost),
    bitsPerSecond: ((stream.bytes - old.bytes) * 8) / seconds,
  };
}

function isSame(one: StreamCounters, other: StreamCounters): boolean {
  return one.mid === other.mid && one.kind === other.kind && one.isSent === other.isSent;
}

function pictureText(streams: readonly StreamCounters[]): string | undefined {
  const texts = streams
    .filter(({ kind, width }) => kind === 'video' && width > 0)
    .map(({ width, height, framesPerSecond }) => `${width} × ${height}, ${whole(framesPerSecond)} fps`);
  return texts.length === 0 ? undefined : texts.join('; ');
}

function highest(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values);
}

function whole(value: number | undefined): string {
  return value === undefined ? '–' : String(Math.round(value));
}
