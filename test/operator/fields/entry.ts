/** What the table says of one leaf of `spec`. */
import type { Situation } from './situation.ts';

/** Part of a spec, as a person would write it. */
export type SpecPart = Readonly<Record<string, unknown>>;

/** How to see that a leaf does something, and that nothing of it stays when it is taken back. */
export interface Effect {
  /** Laid over `replicas: 2`: what must be there before the leaf can matter. Default: nothing. */
  readonly from?: SpecPart;
  /** Laid over `from`: differs from it in this very leaf and no other. Lists are replaced as a whole. */
  readonly set: SpecPart;
  /** Where it matters. Default: `fresh`, nothing is there yet but nodes. */
  readonly in?: Situation;
  /** Why taking it back cannot restore what was: something irreversible has happened. Rare. */
  readonly oneWay?: string;
}

/** A leaf with one value so far: nothing to compare. The test fails as soon as there is a second. */
export type Entry = Effect | 'one value';

/** By path, as the failing test names it. */
export type Section = Readonly<Record<string, Entry>>;
