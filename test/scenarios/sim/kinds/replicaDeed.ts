/** What is done to the operator's own pods, and to its work, as plain data. */

/** See the file comment. */
export type ReplicaDeed =
  /** SIGTERM, as when the Deployment of the operator is rolled out; its successor starts after `downMs`. */
  | { readonly kind: 'stop'; readonly operator: string; readonly downMs: number }
  /** Annotation `paused` on the RTCCluster; absent: it is removed. */
  | { readonly kind: 'pause'; readonly value?: string };
