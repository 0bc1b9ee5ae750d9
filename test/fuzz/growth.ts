/** Whether work grows in proportion to its input: the same work on eight times as much, compared with itself. */

/** Eight for work in proportion, 64 for work that grows with the square; between them, nearer to the first. */
export const mostGrowth = 24;

/** CPU time on `large` as a multiple of that on `small`; the least of several runs each, so that a busy machine does not count. */
export function growthOf<T>(work: (input: T) => void, small: T, large: T): number {
  const [base, grown] = [cpuMicrosecondsOf(work, small), cpuMicrosecondsOf(work, large)];
  return grown / Math.max(base, leastMicroseconds);
}

/** Below this the clock says more about itself than about the work. */
const leastMicroseconds = 200;

const runs = 7;

function cpuMicrosecondsOf<T>(work: (input: T) => void, input: T): number {
  const times = Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    work(input);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.min(...times);
}
