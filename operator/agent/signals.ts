/** Which signal coturn needs now. Pure. */

/** What is known of it. */
export interface Sight {
  /** Its process; undefined: none. */
  readonly pid: number | undefined;
  /** Whether it answers: before that a signal would end it. */
  readonly answers: boolean;
  readonly isDrainWanted: boolean;
  /** The process that was told to drain. */
  readonly drainedPid: number | undefined;
  /** Fingerprint of the usable pair in the files. */
  readonly mounted: string | undefined;
  /** That of the last handshake. */
  readonly served: string | undefined;
}

/** A signal, and why. */
export interface Signal {
  readonly name: 'SIGUSR1' | 'SIGUSR2';
  readonly reason: string;
}

/** The drain first, and again after a crash: what has come back would take allocations. */
export function signalFor(sight: Sight): Signal | undefined {
  const { pid, answers, isDrainWanted, drainedPid, mounted, served } = sight;
  if (pid === undefined || !answers) return undefined;
  if (isDrainWanted && drainedPid !== pid)
    return { name: 'SIGUSR1', reason: 'a drain was asked for: no new allocations' };
  if (mounted !== undefined && served !== undefined && mounted !== served)
    return { name: 'SIGUSR2', reason: 'the mounted certificate is another one than the served one' };
  return undefined;
}
