/** Draining: no new calls are drawn here, the ones that are here go on (wire spec 9.4). */

/** Why the server drains; `terminating` cannot be taken back. */
export type DrainState = 'serving' | 'draining' | 'terminating';

/** The switch behind `/drain` and SIGTERM. */
export interface Drain {
  readonly state: DrainState;
  /** True in both draining states. */
  readonly isDraining: boolean;
  start(): void;
  /** Takes a drain back. False when the process is ending: then it stays. */
  stop(): boolean;
  terminate(): void;
}

/** `onChange` hears each change once. */
export function createDrain(onChange: (state: DrainState) => void): Drain {
  let state: DrainState = 'serving';
  const become = (next: DrainState): void => {
    if (state === next) return;
    state = next;
    onChange(next);
  };
  return {
    get state() {
      return state;
    },
    get isDraining() {
      return state !== 'serving';
    },
    start() {
      if (state === 'serving') become('draining');
    },
    stop() {
      if (state === 'terminating') return false;
      become('serving');
      return true;
    },
    terminate: () => become('terminating'),
  };
}

/** What the waiting for the last session looks at. */
export interface AwaitEmptyOptions {
  readonly sessions: () => number;
  /** 0 = no limit. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Default 200. */
  readonly intervalMs?: number;
}

/** Resolves with the reason why the waiting is over. */
export function awaitEmpty(options: AwaitEmptyOptions): Promise<'empty' | 'timeout' | 'aborted'> {
  const { sessions, timeoutMs, signal, intervalMs = 200 } = options;
  const deadlineMs = timeoutMs === 0 ? Infinity : performance.now() + timeoutMs;
  return new Promise((resolve) => {
    const look = (): void => {
      const reason = overReason({
        sessions: sessions(),
        isAborted: signal.aborted,
        isLate: performance.now() >= deadlineMs,
      });
      if (reason === undefined) setTimeout(look, intervalMs);
      else resolve(reason);
    };
    look();
  });
}

function overReason(now: {
  readonly sessions: number;
  readonly isAborted: boolean;
  readonly isLate: boolean;
}): 'empty' | 'timeout' | 'aborted' | undefined {
  if (now.sessions === 0) return 'empty';
  if (now.isAborted) return 'aborted';
  return now.isLate ? 'timeout' : undefined;
}
