/** PURE: demand over a day, as calls that begin, fill, and end. The same seed gives the same calls. */

/** One call; it stays on the pod that it began on. */
export interface Call {
  readonly startMs: number;
  readonly endMs: number;
  readonly people: number;
  /** From the first to the last who joins. */
  readonly fillMs: number;
  /** Somebody shares a screen. */
  readonly hasScreen: boolean;
}

/** A demand that policies are compared on. */
export interface Trace {
  readonly name: string;
  readonly about: string;
  readonly lengthMs: number;
  /** By start. */
  readonly calls: readonly Call[];
}

const minute = 60_000;
const hour = 60 * minute;

/** Numbers from 0 to 1 that look like chance (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const more = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((more ^ (more >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Calls whose number in a minute follows `people(ms)`: as many join as are needed to keep so many people about. */
interface Flow {
  readonly seed: number;
  readonly lengthMs: number;
  readonly people: (ms: number) => number;
  /** Default: 2 to 20, most of them small. */
  readonly size?: (random: number) => number;
  readonly meanMs: number;
}

const usualSize = (random: number): number => Math.round(2 + 18 * random ** 3);
const screenShare = 0.3;

/** Poisson arrivals at the rate that keeps `people` about on the mean (Little's law); durations are exponential. */
function flow({ seed, lengthMs, people, size = usualSize, meanMs }: Flow): Call[] {
  const random = chance(seed);
  const meanSize =
    Array.from({ length: 1000 }, (_, index) => size(index / 1000)).reduce((a, b) => a + b) / 1000;
  const calls: Call[] = [];
  for (let atMs = -3 * meanMs; atMs < lengthMs; atMs += 1000) {
    const perSecond = people(Math.max(0, atMs)) / meanSize / (meanMs / 1000);
    for (let left = poisson(perSecond, random); left > 0; left -= 1) {
      const durationMs = -Math.log(1 - random()) * meanMs;
      const call = { people: size(random()), hasScreen: random() < screenShare, fillMs: minute };
      if (atMs + durationMs > 0)
        calls.push({ ...call, startMs: Math.max(0, atMs), endMs: atMs + durationMs });
    }
  }
  return calls;
}

function poisson(mean: number, random: () => number): number {
  let count = 0;
  for (let product = random(); product > Math.exp(-mean); product *= random()) count += 1;
  return count;
}

/** Fifty calls of ten that last all the time: nothing changes but the noise of the CPU. */
function steady(): Trace {
  const lengthMs = 6 * hour;
  const calls = Array.from({ length: 50 }, (_, index): Call => {
    return { startMs: index * 5000, endMs: lengthMs, people: 10, fillMs: minute, hasScreen: index % 3 === 0 };
  });
  return {
    name: 'steady',
    about: '50 calls of 10 that never end; CPU readings vary by a fifth',
    lengthMs,
    calls,
  };
}

function daily(): Trace {
  const lengthMs = 24 * hour;
  const people = (ms: number): number => {
    const at = ms / hour;
    const morning = Math.exp(-(((at - 10.5) / 1.8) ** 2));
    const afternoon = 0.9 * Math.exp(-(((at - 15) / 1.9) ** 2));
    return 60 + 2400 * (morning + afternoon);
  };
  const calls = flow({ seed: 11, lengthMs, people, meanMs: 30 * minute });
  return {
    name: 'daily',
    about: 'a working day: 60 people at night, 2,400 at half past ten',
    lengthMs,
    calls,
  };
}

function townHall(): Trace {
  const lengthMs = 8 * hour;
  const usual = flow({ seed: 12, lengthMs, people: () => 400, meanMs: 30 * minute });
  const meetings = [1.5, 4, 6.5].map((at): Call => {
    return { startMs: at * hour, endMs: (at + 1) * hour, people: 450, fillMs: 5 * minute, hasScreen: false };
  });
  const calls = [...usual, ...meetings].toSorted((a, b) => a.startMs - b.startMs);
  return {
    name: 'town-hall',
    about: '400 people, and three calls of 450 that fill in five minutes',
    lengthMs,
    calls,
  };
}

function flashCrowd(): Trace {
  const lengthMs = 6 * hour;
  const people = (ms: number): number => {
    const since = ms - 2 * hour;
    if (since < 0 || since > 90 * minute) return 300;
    return 300 + 1700 * Math.min(1, since / (5 * minute));
  };
  const calls = flow({ seed: 13, lengthMs, people, meanMs: 20 * minute });
  return {
    name: 'flash-crowd',
    about: 'from 300 people towards 2,000 within minutes, for an hour and a half',
    lengthMs,
    calls,
  };
}

function noise(): Trace {
  const lengthMs = 12 * hour;
  const random = chance(15);
  const bursts = Array.from({ length: 72 }, () => (random() < 0.25 ? 0.6 : 0) + 0.3 * (random() - 0.5));
  const people = (ms: number): number => 700 * (1 + (bursts[Math.floor(ms / (10 * minute))] ?? 0));
  const calls = flow({ seed: 14, lengthMs, people, meanMs: 12 * minute });
  return { name: 'noise', about: '700 people in short calls, with bursts of ten minutes', lengthMs, calls };
}

const makers = { steady, daily, 'town-hall': townHall, 'flash-crowd': flashCrowd, noise } as const;

/** Those of these names. Default: all of them. */
export function traces(names: readonly string[] = Object.keys(makers)): Trace[] {
  return Object.entries(makers)
    .filter(([name]) => names.includes(name))
    .map(([, make]) => make());
}
