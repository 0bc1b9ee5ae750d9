/** One step of a rollout. */
import type { Reason } from '../pod.ts';
import type { Pace } from './pace.ts';
import type { RecordMark } from './records.ts';

/** Where a rollout stands; moving: something is under way, else it waits for somebody or for a time. */
export interface Progress extends Reason {
  readonly isMoving: boolean;
}

/** See the file comment. */
export interface Step {
  readonly pace: Pace;
  /** New pods are of the target; else of the last good revision, but for canaries. */
  readonly isOpen: boolean;
  /** New pods that are of the target nevertheless. */
  readonly canaries?: number;
  readonly discards?: ReadonlyMap<string, Reason>;
  /** Uids of pods that are to be asked once more before they go. */
  readonly asks?: readonly string[];
  readonly progress?: Progress;
  readonly mark?: RecordMark;
  readonly recheckMs?: number;
}
