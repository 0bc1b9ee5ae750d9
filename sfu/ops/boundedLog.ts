/** Log lines that somebody else causes: of each kind so many in a while, with the number left out told later. */

/** Decides which lines are written. */
export interface BoundedLog {
  /**
   * Calls `write` when a line of this kind is due: the first `most` (default 1) of a window. `more` are the fields that
   * say how many were left out in the window before.
   */
  say(kind: string, write: (more: { readonly leftOut?: number }) => void, most?: number): void;
}

/** How lines are bounded. */
export interface BoundedLogOptions {
  /** Length of a window. Default: `windowMs`. */
  readonly intervalMs?: number;
  /** A monotonic clock. Default: the process's. */
  readonly nowMs?: () => number;
  /** Told what was left out as soon as the window is over, instead of the next line of that kind. */
  readonly tell?: (kind: string, leftOut: number) => void;
}

/** Milliseconds of a window. */
export const windowMs = 10_000;

/** Kinds that are told apart in a window: the names of a flood must become neither a leak nor a flood of lines. */
const mostKinds = 1_000;

interface Kind {
  written: number;
  leftOut: number;
  /** Left out in the window before, and not told yet. */
  untold: number;
}

/** Nothing was said yet. */
export function createBoundedLog(options: BoundedLogOptions = {}): BoundedLog {
  const { intervalMs = windowMs, nowMs = () => performance.now(), tell } = options;
  const kinds = new Map<string, Kind>();
  const state = { endMs: -Infinity };
  const turn = (): void => {
    const silenced = [...kinds].filter(([, { leftOut }]) => leftOut > 0);
    kinds.clear();
    state.endMs = nowMs() + intervalMs;
    for (const [kind, { leftOut }] of silenced)
      if (tell === undefined) kinds.set(kind, { written: 0, leftOut: 0, untold: leftOut });
      else tell(kind, leftOut);
  };
  const kindOf = (name: string): Kind => {
    const key = kinds.has(name) || kinds.size < mostKinds ? name : 'others';
    const kind = kinds.get(key) ?? { written: 0, leftOut: 0, untold: 0 };
    kinds.set(key, kind);
    return kind;
  };
  return {
    say(name, write, most = 1) {
      if (nowMs() >= state.endMs) turn();
      const kind = kindOf(name);
      if (kind.written >= most) {
        kind.leftOut += 1;
        return;
      }
      kind.written += 1;
      const { untold } = kind;
      kind.untold = 0;
      write(untold === 0 ? {} : { leftOut: untold });
    },
  };
}
