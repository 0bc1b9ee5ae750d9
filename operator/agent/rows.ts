/** What coturn's tables hold, and what is to change in them. Pure. */

/** The tables that we write, without the realm. */
export interface Rows {
  /** `turn_secret`: in the order they were added. */
  readonly secrets: readonly string[];
  /** `allowed_peer_ip`. */
  readonly peers: readonly string[];
}

/** Rows to add and to remove, in one transaction. */
export interface RowChange {
  readonly add: Rows;
  readonly remove: Rows;
}

/** Undefined: nothing is to change. What is not wanted at all is left as it is. */
export function rowChange(have: Rows, want: Partial<Rows>): RowChange | undefined {
  const secrets = listChange(have.secrets, want.secrets ?? have.secrets);
  const peers = listChange(have.peers, want.peers ?? have.peers);
  const change = {
    add: { secrets: secrets.add, peers: peers.add },
    remove: { secrets: secrets.remove, peers: peers.remove },
  };
  const count = [change.add, change.remove].flatMap((rows) => [...rows.secrets, ...rows.peers]).length;
  return count === 0 ? undefined : change;
}

function listChange(
  have: readonly string[],
  want: readonly string[],
): { readonly add: readonly string[]; readonly remove: readonly string[] } {
  return {
    add: want.filter((one) => !have.includes(one)),
    remove: have.filter((one) => !want.includes(one)),
  };
}
