/** Pure: whether a server holds on to more and more. */
import type { Look } from './target.ts';

/** Between the first calm and the last, MiB: V8 and malloc keep what the highest wave needed; `churn/` looks closer. */
export const allowedGrowthMiB = { node: 200, workers: 60 };

/** Sockets in TIME_WAIT are no descriptors; a keep-alive connection of the one who looks is. */
export const allowedDescriptors = 8;

/** What has not come back to its level, else undefined. The first look is after a round, so that everything was in use once. */
export function memoryProblem(calms: readonly Look[]): string | undefined {
  const [first, last] = [calms[0], calms.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const problems = levels.flatMap(({ what, of, allowed }) => {
    const [before, after] = [of(first), of(last)];
    return after - before > allowed
      ? [`${what} went from ${before} to ${after}, allowed are ${allowed} more`]
      : [];
  });
  return problems.length === 0 ? undefined : problems.join('; ');
}

const levels: readonly {
  readonly what: string;
  readonly of: (look: Look) => number;
  readonly allowed: number;
}[] = [
  { what: 'resident MiB of Node', of: (look) => look.nodeRssMiB, allowed: allowedGrowthMiB.node },
  {
    what: 'resident MiB of the media workers',
    of: (look) => look.workersRssMiB,
    allowed: allowedGrowthMiB.workers,
  },
  { what: 'file descriptors', of: (look) => look.descriptors, allowed: allowedDescriptors },
  { what: 'sessions', of: (look) => look.sessions, allowed: 0 },
  { what: 'calls', of: (look) => look.calls, allowed: 0 },
];
