/** What the fleet knows of one SFU pod at one moment: its object, its node and the last facts, as plain data. */
import type { RtcCluster } from '../api/rtccluster.ts';
import type { DrainReason } from '../api/spec/drain.ts';
import type { TurnFacts } from '../turn/facts.ts';
import type { NodeView } from './nodes/node.ts';
import type { KernelSettings } from './nodes/tuning.ts';

import type { ProbeFacts } from './probeFacts.ts';
import type { LastAnswer, Measures } from './scale/measures.ts';

/** Why something is as it is: one CamelCase word for programs and a sentence for people. */
export interface Reason {
  readonly reason: string;
  readonly message: string;
}

/** What a pod said about itself when it was last asked. */
export type Facts =
  | {
      readonly answered: true;
      readonly version: string;
      /** Absent: it serves, and cannot tell (a coturn without an exporter). */
      readonly sessions?: number;
      /** 0 to 1, against the capacity that the pod assumes. */
      readonly load: number;
      readonly isDraining: boolean;
      /** Since when every answer said 0 sessions; absent while there are some. */
      readonly sessionlessSinceMs?: number;
      /** Calls that have sessions. */
      readonly calls?: number;
      /** Since when nobody in any of its calls can be heard or seen; `mark` changes when somebody could be meanwhile. */
      readonly quiet?: { readonly mark: number; readonly sinceMs: number };
      /** What else it told of its use. */
      readonly measures?: Measures;
      /** What probe calls found; absent: nobody places any. */
      readonly probe?: ProbeFacts;
      /** Its public address, as a STUN server saw it; empty: none answered; absent: none was asked yet. */
      readonly stunAddress?: string;
      /** Only of a TURN pod. */
      readonly turn?: TurnFacts;
      /** Absent from an SFU that does not tell. */
      readonly kernel?: KernelSettings;
    }
  | {
      readonly answered: false;
      readonly message: string;
      /** What it said before it fell silent. */
      readonly last?: LastAnswer;
    };

export type { DrainReason };

/** Why and since when a pod is being emptied, and until when at most. */
export interface DrainMark {
  readonly reason: DrainReason;
  readonly startedMs: number;
  /** Then it goes with its calls; absent: it waits for them. NaN: nobody can read what is written there. */
  readonly deadlineMs?: number;
}

/** The pod's own memory of us: labels and annotations. */
export interface PodMarks {
  readonly isPublished: boolean;
  readonly isBusy: boolean;
  /** When it was last published; absent on a pod that never was, which therefore never had a call. */
  readonly publishedSinceMs?: number;
  /** When it was published for the first time. */
  readonly firstPublishedMs?: number;
  readonly drain?: DrainMark;
  /** A rollout has added it beyond the wanted ones, and nobody has left for it yet. */
  readonly isSurge?: true;
  /** What a person wrote on it, and by which program. */
  readonly requested?: { readonly text: string; readonly by?: string };
  /** Advertised addresses, comma list, the public one first; empty while unknown. */
  readonly address: string;
}

/** See the file comment. */
export interface PodView {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly revision: string;
  readonly createdMs: number;
  /** When the scheduler chose its node, as far as it says. */
  readonly scheduledMs?: number;
  /** Absent until the scheduler chose one. */
  readonly nodeName?: string;
  /** Absent when there is no such node any more. */
  readonly node?: NodeView;
  /** The pod ended and will not start again (phase Failed or Succeeded). */
  readonly isDead: boolean;
  readonly isReady: boolean;
  /** It is not ready only because Kubernetes does not hear of it: its containers were well when it last did. */
  readonly isCutOff?: true;
  readonly isTerminating: boolean;
  /** When Kubernetes ends a terminating pod with its calls. */
  readonly terminatesMs?: number;
  /** What Kubernetes says is wrong: unschedulable, no image, crashing. */
  readonly problem?: Reason;
  /** Why its node gives it no address; one that it has already stays while it is in DNS. */
  readonly addressProblem?: Reason;
  /** What it would advertise now, while its calls hang on what it does advertise. */
  readonly newAddress?: string;
  readonly marks: PodMarks;
  /** Until when a name outside the cluster may lead Mattermost here; absent: it does not, as far as we know. */
  readonly namedUntilMs?: number;
  /** A stock rtcd cannot be told to drain, and reads its address once; a coturn cannot take a drain back. */
  readonly engine: RtcCluster['spec']['engine']['type'] | 'Coturn';
  /** Absent until it was first asked. */
  readonly facts?: Facts;
}
