/** Chance from a seed: the same seed, the same scenario. */

/** See the file comment. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** Uniform from `min` to `max`. */
  between(min: number, max: number): number;
  /** Whether something with this probability happens. */
  chance(probability: number): boolean;
  /** One of them. */
  pick<T>(from: readonly T[]): T;
  /** A stream of its own, so that more draws here change nothing there. */
  fork(): Random;
}

/** Mulberry32 over the seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    between: (min, max) => min + next() * (max - min),
    chance: (probability) => next() < probability,
    pick(from) {
      const [first] = from;
      if (first === undefined) throw new RangeError('there is nothing to pick from');
      return from[int(0, from.length - 1)] ?? first;
    },
    fork: () => createRandom(Math.floor(next() * 2 ** 32)),
  };
}
