/** What an SFU pod says about its use, beside its sessions and its CPU. */

/** The five counts that CPU use follows from: people, and tracks that come in and go out. */
export interface Counts {
  readonly sessions: number;
  readonly audioIn: number;
  readonly videoIn: number;
  readonly audioOut: number;
  readonly videoOut: number;
}

/** Of one answer; what a media server does not tell is absent. */
export interface Measures {
  /** Milliseconds since the epoch at which it answered. */
  readonly atMs: number;
  /** Cores that its media workers may use. */
  readonly cores?: number;
  readonly counts?: Counts;
  /** Sessions that got a path for their media since its start, and those that did not. */
  readonly paths?: { readonly opened: number; readonly failed: number };
  /** What it sends to clients, in Mbit per second. */
  readonly egressMbit?: number;
}

/** The last answer of a pod that is silent now. */
export interface LastAnswer {
  readonly sessions: number;
  /** 0 to 1. */
  readonly load: number;
  readonly measures: Measures;
}
