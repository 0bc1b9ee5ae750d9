/** What lies in the API while a TURN secret is rotated, at every moment that there was: whoever is late sees the past. */
import type { SecretContents } from '../../../operator/turn/rotation/state.ts';

/** What lies in the API, at one moment. */
export interface Stored {
  readonly atMs: number;
  readonly contents: SecretContents | undefined;
  /** What each of the Secrets for Mattermost holds. */
  readonly issuers: readonly (string | undefined)[];
}

/** See the file comment. */
export class RotationApi {
  readonly #versions: Stored[];

  constructor(atMs: number) {
    this.#versions = [{ atMs, contents: undefined, issuers: [undefined, undefined] }];
  }

  get latest(): Stored {
    return this.#versions.at(-1)!;
  }

  /** The last but one, where there is one. */
  get former(): Stored {
    return this.#versions.at(-2) ?? this.latest;
  }

  at(version: number): Stored {
    return this.#versions[version]!;
  }

  write(atMs: number, change: Partial<Stored>): void {
    this.#versions.push({ ...this.latest, ...change, atMs });
  }

  /** Number of the version that somebody sees who still sees that moment. */
  versionOf(seenMs: number): number {
    return Math.max(
      0,
      this.#versions.findLastIndex(({ atMs }) => atMs <= seenMs),
    );
  }
}
