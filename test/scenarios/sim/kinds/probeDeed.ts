/** What closes the way to the media of SFUs, as plain data. */
import type { Way } from '../machine.ts';

/** See the file comment. Nobody gets through until `forMs` have passed; absent node: on all of them. */
export interface ProbeDeed {
  readonly kind: 'closeWay';
  readonly way: Way;
  readonly node?: number;
  readonly forMs: number;
}
