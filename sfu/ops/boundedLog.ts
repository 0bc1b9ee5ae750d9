/** Log lines that somebody else causes: each kind at most once in a while, with the number left out meanwhile. */

/** Decides which lines are written. */
export interface BoundedLog {
  /** Calls `write` when a line of this kind is due. `more` are the fields that say how many were left out. */
  say(kind: string, write: (more: { readonly leftOut?: number }) => void): void;
}

/** Kinds that are remembered at most: the names of a flood must not become a leak. */
const kindsKept = 1_000;

/** Default of `intervalMs`: 10 s. `nowMs` is a monotonic clock, default the process's. */
export function createBoundedLog(
  options: { readonly intervalMs?: number; readonly nowMs?: () => number } = {},
): BoundedLog {
  const { intervalMs = 10_000, nowMs = () => performance.now() } = options;
  const kinds = new Map<string, { readonly atMs: number; leftOut: number }>();
  const forgetOld = (): void => {
    for (const [kind, { atMs }] of kinds) if (nowMs() - atMs >= intervalMs) kinds.delete(kind);
    if (kinds.size >= kindsKept) kinds.clear();
  };
  return {
    say(kind, write) {
      const last = kinds.get(kind);
      if (last !== undefined && nowMs() - last.atMs < intervalMs) {
        last.leftOut += 1;
        return;
      }
      if (kinds.size >= kindsKept) forgetOld();
      kinds.set(kind, { atMs: nowMs(), leftOut: 0 });
      write(last === undefined || last.leftOut === 0 ? {} : { leftOut: last.leftOut });
    },
  };
}
