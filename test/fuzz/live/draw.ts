/** Inputs of an edge, drawn from its grammar: the same seed draws the same. */
import fc from 'fast-check';

/** How much of what. */
export interface Draw {
  readonly seed: number;
  readonly count: number;
}

/** The inputs. */
export function drawFrom<T>(inputs: fc.Arbitrary<T>, { seed, count }: Draw): T[] {
  return fc.sample(inputs, { seed, numRuns: count });
}

/** Does something with each input, eight at a time; returns how many there were. */
export async function each<T>(inputs: readonly T[], deed: (input: T) => Promise<unknown>): Promise<number> {
  const waiting = inputs.entries();
  const work = async (): Promise<void> => {
    for (const [, input] of waiting) await deed(input);
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return inputs.length;
}
