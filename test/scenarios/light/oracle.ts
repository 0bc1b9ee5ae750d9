/** The oracle of the simulation at the door of the real API server: it sees the truth before and after every write. */
import type { WriteWitness } from '../../cluster/witness.ts';
import type { Monitor } from '../sim/monitor.ts';
import type { WriteFault } from '../sim/stories.ts';
import type { Truth } from './truth.ts';
import { writeOf } from './writes.ts';

/** What it needs. */
export interface OracleDeps {
  readonly monitor: Monitor;
  readonly truth: Truth;
  /** Kills the operator. */
  readonly crash: () => void;
}

/** See the file comment. */
export interface Oracle extends WriteWitness {
  /** From now on writes are numbered from 1, and `faultAt` is asked at each. */
  interfere(faultAt: (write: number) => WriteFault | undefined): void;
  /** Number of the last write. */
  readonly writes: number;
}

/** Nothing goes wrong before `interfere`. */
export function createOracle({ monitor, truth, crash }: OracleDeps): Oracle {
  let faultAt: (write: number) => WriteFault | undefined = () => undefined;
  let writes = 0;
  const show = async (
    phase: 'before' | 'after',
    ...of: Parameters<WriteWitness['before']>
  ): Promise<void> => {
    const write = writeOf(...of);
    if (write === undefined) return;
    if (!['Event', 'Lease'].includes(write.resource.kind)) await truth.refresh();
    monitor.onWrite(write, phase);
  };
  return {
    before: (call, body) => show('before', call, body),
    async after(call, body) {
      const seen = monitor.writes.length;
      await show('after', call, body);
      // Numbers about sessions are written again and again and nothing rests on them.
      const isCounted = monitor.writes.slice(seen).some(({ text }) => !text.includes('/figures '));
      const fault = isCounted ? faultAt((writes += 1)) : undefined;
      if (fault === 'crash') crash();
      return fault === undefined ? 'answer' : 'lose';
    },
    interfere(next) {
      writes = 0;
      faultAt = next;
    },
    get writes() {
      return writes;
    },
  };
}
