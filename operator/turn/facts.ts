/** What the agent of a TURN pod says beside what every pod says, and what trial allocations found. */

/** See the file comment. */
export interface TurnFacts {
  /** Hashes of the secrets that its coturn takes now; the first is that of the key `secret`. */
  readonly secrets: readonly string[];
  /** Of the peers that its coturn relays to. */
  readonly peersDigest: string;
  /** What a handshake with its coturn showed; null without TLS, or when there was none. */
  readonly certificate: { readonly fingerprint: string; readonly notAfter: string } | null;
  /** Why the agent cannot do its work, in its own words. */
  readonly problem?: string;
  /** By the hash of a secret: what came of an allocation with a credential of it. */
  readonly trials: Readonly<Record<string, Trial>>;
}

/** One trial allocation. */
export type Trial = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Whether this coturn was seen to take credentials of the secret with this hash. */
export function takes(facts: TurnFacts | undefined, hash: string): boolean {
  return facts?.trials[hash]?.ok === true && facts.secrets.includes(hash);
}
