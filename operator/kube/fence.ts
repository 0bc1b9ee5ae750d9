/** What keeps a replica that may have lost its lease from writing. */

/** Asked before every write. */
export interface Fence {
  /**
   * Milliseconds a write that starts now may take before another replica could
   * hold the lease. Throws FencedError when writes are refused.
   * @param call what is to be written, for the message
   */
  writeBudgetMs(call: string): number;
}
