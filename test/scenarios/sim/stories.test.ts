/** The shortest of the stories, with the operator killed after each of its writes; `make campaign` plays all of them. */
import { describe, expect, it } from '@jest/globals';
import { playCrashPoint, stories, writesOf, type WriteFault } from './stories.ts';

const [story] = stories.filter(({ name }) => name === 'scale down');

describe('a scale-down while people talk', () => {
  it.each<WriteFault>(['crash', 'lostAnswer'])(
    'goes on after a fault at each single write (%s)',
    async (fault) => {
      const writes = await writesOf(story!);
      expect(writes).toBeGreaterThan(2);
      for (let write = 1; write <= writes; write += 1) {
        const { violations } = await playCrashPoint({ story: story!.name, fault, write });
        expect({ write, violations }).toEqual({ write, violations: [] });
      }
    },
    120_000,
  );
});
