/** What file and environment said, in one shape, before anything is judged. */

import type { Field } from './fields.ts';

/** Where a value comes from, in the words of `--check-config`. */
export type Origin =
  | { readonly kind: 'default'; readonly name?: string }
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'argument'; readonly name: string };

/** One value that somebody set. */
export interface Given {
  /** The canonical TOML key. */
  readonly key: string;
  readonly value: unknown;
  readonly origin: Origin;
  /** Set when an alias names half of `api.http.listen_address`. */
  readonly part?: 'host' | 'port';
}

/** Everything one source said. */
export interface Source {
  readonly given: readonly Given[];
  /** Errors, each naming its place and, for unknown names, the nearest known one. */
  readonly problems: readonly string[];
  /** Each alias with its canonical name, said once. */
  readonly notes: readonly string[];
}

/** One line of `--check-config`. */
export interface Understood {
  readonly field: Field;
  readonly value: unknown;
  readonly origin: Origin;
}

/** The key whose halves the owner's guide sets apart. */
export const listenKey = 'api.http.listen_address';
