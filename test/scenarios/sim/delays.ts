/** How long a kubelet and a scheduler take for something. */
import type { Random } from './random.ts';
import type { Timeline } from './time.ts';

/** Longest and shortest times, milliseconds. */
const delays = {
  schedule: [50, 500],
  pull: [2_000, 20_000],
  start: [500, 3_000],
  notice: [100, 1_500],
  project: [1_000, 8_000],
} as const;

/** Does something after the time that it takes. */
export type Soon = (what: keyof typeof delays, run: () => void) => void;

/** See the file comment. */
export function createSoon(time: Timeline, random: Random): Soon {
  return (what, run) => {
    const [min, max] = delays[what];
    time.after(random.between(min, max), run);
  };
}
