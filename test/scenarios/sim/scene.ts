/** What invariants are checked against: the truth of the simulated world at one moment, as plain data. */
import type { RtcCluster } from '../../../operator/api/rtccluster.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';

/** How probe calls to one pod have ended, whoever asked. */
export interface ProbeTruth {
  readonly hasPassed: boolean;
  /** In a row, up to the last. */
  readonly failures: number;
  readonly hasEverPassed: boolean;
  /** The server's wall clock, milliseconds since the epoch. */
  readonly atMs: number;
}

/** What is true of one SFU pod, whatever the operator knows. */
export interface PodTruth {
  readonly object: KubeObject;
  /** Sessions on its SFU; undefined when there is none, or nobody can ask it. */
  readonly sessions: number | undefined;
  /** Since when it has sessions without a break, by the server's clock; undefined when it has none. */
  readonly busySinceMs: number | undefined;
  /** What its SFU would report; undefined when it does not run. */
  readonly version: string | undefined;
  /** Selected by the Service, ready and not going. */
  readonly isInDns: boolean;
  /** When each reason of a drain was written on it, in this order, milliseconds since the epoch, by the server's clock. */
  readonly drainedSinceMs: ReadonlyMap<string, number>;
  /** The last of its probe calls to itself; absent where none has ended yet. */
  readonly probe?: ProbeTruth;
  /** The last that another pod has placed to what it advertises; absent likewise. */
  readonly reach?: ProbeTruth;
  /** Since when it carries what a person wants of it now, on the same clock; absent when nobody wants anything. */
  readonly requestedSinceMs?: number;
}

/** See the file comment. */
export interface Scene {
  /** With defaults; undefined when there is no such RTCCluster. */
  readonly cluster: RtcCluster | undefined;
  /** Pods by uid. */
  readonly pods: ReadonlyMap<string, PodTruth>;
  /** Nodes that would take a new pod, or carry one. */
  readonly openNodes: number;
  /** The least load of the last seconds in pods of full capacity: what a poll may have seen. */
  readonly demand: number;
  /** Pods that were made although as many as were wanted were there, and in whose stead none has left yet. */
  readonly spares: number;
  /** Texts that must stay secret. */
  readonly secrets: readonly string[];
  /** The server's wall clock, milliseconds since the epoch. */
  readonly nowMs: number;
  /** Identity in the Lease of the operators, empty when it was released; absent: there is none. */
  readonly leader?: string;
  /** Since when somebody has paused the cluster, milliseconds since the epoch; absent when nobody has. */
  readonly pausedSinceMs?: number;
  /** Whether probe calls are placed at all. */
  readonly placesProbes?: true;
  /** Whether pods may be replaced at this time of day, or a moment ago. */
  readonly mayReplace: boolean;
  /** Whether a schedule lets nothing be scaled down at this time of day. */
  readonly inhibits: boolean;
  /** Longest time until an operator has seen what people write: seconds, or minutes where watches fall silent. */
  readonly seenWithinMs: number;
  /** Longest time from the decision for a write to the write: half a minute where the API server throttles. */
  readonly slowestWriteMs: number;
}
