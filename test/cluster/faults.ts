/** What can go wrong between a client and the API server, on purpose. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiCall } from './apiCall.ts';

/**
 * `reject`: answered with this HTTP status. `delay`: forwarded later. `hold`: forwarded when the fault
 * is lifted. `cut`: the connection ends, nothing was done. `loseAnswer`: it was done, the connection ends.
 */
export type Fault =
  | { readonly kind: 'reject'; readonly status: number }
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'hold' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'loseAnswer' };

/** Which requests a fault is for. */
export type Matches = (call: ApiCall) => boolean;

/** What then happens to a request. */
export type Fate = 'forward' | 'cut' | 'loseAnswer' | { readonly rejectedWith: number };

/** The faults that are in force. */
export interface Faults {
  /** Returns what lifts it. */
  add(fault: Fault, matches: Matches): () => void;
  /** Resolves when it is this request's turn; the first fault that matches decides. */
  fateOf(call: ApiCall): Promise<Fate>;
  liftAll(): void;
}

interface Entry {
  readonly fault: Fault;
  readonly matches: Matches;
  readonly lifted: Promise<unknown>;
  readonly lift: () => void;
}

/** None at first. */
export function createFaults(): Faults {
  const entries = new Set<Entry>();
  const lift = (entry: Entry): void => {
    entries.delete(entry);
    entry.lift();
  };
  return {
    add(fault, matches) {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      const entry: Entry = { fault, matches, lifted: promise, lift: () => resolve(undefined) };
      entries.add(entry);
      return () => lift(entry);
    },
    async fateOf(call) {
      const entry = [...entries].find(({ matches }) => matches(call));
      return entry === undefined ? 'forward' : fate(entry);
    },
    liftAll: () => entries.forEach(lift),
  };
}

async function fate({ fault, lifted }: Entry): Promise<Fate> {
  switch (fault.kind) {
    case 'reject':
      return { rejectedWith: fault.status };
    case 'delay':
      await sleep(fault.delayMs);
      return 'forward';
    case 'hold':
      await lifted;
      return 'forward';
    default:
      return fault.kind;
  }
}
