/** What probe calls found out about a pod. */

/** The last word on one question. */
export interface ProbeResult {
  /** Unable: nobody could ask, which says nothing about the pod. */
  readonly outcome: 'Passed' | 'Failed' | 'Unable';
  /** What does not work and what to look at, or how many paths work. */
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** How often it failed since it last passed. */
  readonly failures: number;
  /** Addresses that were called, comma list. */
  readonly addresses: string;
  /** The node of the SFU that called; absent: the pod called itself. */
  readonly fromNode?: string;
  /** Of the slowest call. */
  readonly joinMs?: number;
  /** Of the worst call, 0 to 100. */
  readonly lossPercent?: number;
}

/** Both questions; absent while nobody has asked. */
export interface ProbeFacts {
  /** Do two hear each other on every worker? The pod calls itself at the address of its node. */
  readonly media?: ProbeResult;
  /** Do the advertised addresses lead there? An SFU on another node calls, where there is one. */
  readonly reach?: ProbeResult;
}
