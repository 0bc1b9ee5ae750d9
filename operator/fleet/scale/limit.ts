/** What can hold the number of pods away from what is needed. */
import type { Reason } from '../pod.ts';

/** Every word of `status.scaling.limitedBy`. */
export const limits = [
  'MaxPods',
  'EligibleNodes',
  'Window',
  'Velocity',
  'MissingMetrics',
  'MinPodAge',
  'Schedule',
  'Reservation',
] as const;

/** One of `limits`, with the sentence that says what to do. */
export interface Limit extends Reason {
  readonly reason: (typeof limits)[number];
}
