/** Pure: whether a server that everybody has left holds no more than after the first round. */
import type { Look } from '../live/target.ts';
import type { Held } from './probe.ts';

/** One round, when everybody has left. */
export interface Level {
  readonly look: Look;
  readonly held: Held;
}

/** A level that is held against the first. */
export interface Judged {
  readonly name: string;
  readonly values: readonly number[];
  /** How far any later round may be above the first. */
  readonly allowed: number;
  readonly isKept: boolean;
}

/**
 * Counts return exactly; a timer or a descriptor may belong to a connection of the one who looks. The heap is
 * measured after a collection. Resident memory is another matter: V8 and malloc keep what the highest wave needed, and
 * reach that within some thousand sessions; it is held to a bound only.
 */
const levels: readonly {
  readonly name: string;
  readonly of: (level: Level) => number;
  readonly allowed: number;
}[] = [
  { name: 'sessions', of: ({ look }) => look.sessions, allowed: 0 },
  { name: 'calls', of: ({ look }) => look.calls, allowed: 0 },
  ...['router', 'transport', 'rtpobserver', 'producer', 'consumer', 'dataproducer', 'dataconsumer'].map(
    (kind) => ({
      name: `mediasoup: ${kind}`,
      of: ({ held }: Level): number => held.media[kind] ?? 0,
      allowed: 0,
    }),
  ),
  { name: 'timers', of: ({ held }) => held.timers, allowed: 4 },
  { name: 'file descriptors', of: ({ look }) => look.descriptors, allowed: 4 },
  { name: 'heap of Node, MiB', of: ({ held }) => held.heapMiB, allowed: 6 },
  { name: 'resident memory of the workers, MiB', of: ({ look }) => look.workersRssMiB, allowed: 40 },
  { name: 'resident memory of Node, MiB', of: ({ look }) => look.nodeRssMiB, allowed: 200 },
];

/** Every level over the rounds. */
export function judge(rounds: readonly Level[]): Judged[] {
  return levels.map(({ name, of, allowed }) => {
    const values = rounds.map(of);
    return { name, values, allowed, isKept: Math.max(...values) - (values[0] ?? 0) <= allowed };
  });
}
