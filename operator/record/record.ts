/**
 * What the operator tells of one RTCCluster or TurnServer to those who ask why:
 * `GET /clusters/<namespace>/<name>` and `GET /turnservers/<namespace>/<name>` of its server of records.
 */
import type { Consumers } from '../facts/turn/consumers.ts';
import type { ScaleHistory } from '../fleet/scale/history.ts';
import type { RecordedChange } from './changes.ts';
import type { RecordedDecision } from './decision.ts';
import type { RecordedObserved } from './redact.ts';
import type { RecordedTurnObserved } from './redactTurn.ts';

/** Changed when an older reader would misunderstand. */
export const recordVersion = 1;

/** What records of both kinds have. No value of a Secret is in any. */
export interface AnyRecord {
  readonly recordVersion: number;
  /** The replica that tells it. */
  readonly by: string;
  /** What the autoscaler remembers; absent before the first decision. */
  readonly history?: ScaleHistory;
  /** The last decision; absent before the first. */
  readonly last?: RecordedDecision;
  /** Oldest first. */
  readonly changes: readonly RecordedChange[];
}

/** Of an RTCCluster. */
export interface ClusterRecord extends AnyRecord {
  readonly settings: {
    /** SFU image of clusters that name none. */
    readonly operatorsImage: string;
    readonly clusterDomain: string;
  };
  /** All that a decision of this moment would look at. */
  readonly observed: RecordedObserved;
}

/** Of a TurnServer. */
export interface TurnRecord extends AnyRecord {
  readonly settings: {
    /** The operator's own, in which the agent is; absent: nobody told it. */
    readonly operatorsImage?: string;
  };
  /** All that a decision of this moment would look at. */
  readonly observed: RecordedTurnObserved;
  /** Who makes credentials with its secrets; nobody is looked for but while an old one waits for them. */
  readonly consumers: Consumers;
}

/** A time that cannot be read is NaN, which JSON has no word for: those of drains are the only ones. */
const unreadable = 'unreadable';

/** As text. */
export function writeRecord(record: AnyRecord): string {
  return JSON.stringify(record, (_, value: unknown) =>
    typeof value === 'number' && Number.isNaN(value) ? unreadable : value,
  );
}

/** Back from text. Throws a RangeError naming what to do when it is of another version. */
export function readRecord(text: string): ClusterRecord {
  return versioned(JSON.parse(text, revived) as ClusterRecord);
}

/** The same of a TurnServer. */
export function readTurnRecord(text: string): TurnRecord {
  return versioned(JSON.parse(text, revived) as TurnRecord);
}

function revived(key: string, value: unknown): unknown {
  return key === 'deadlineMs' && value === unreadable ? Number.NaN : value;
}

function versioned<R extends AnyRecord>(record: R): R {
  if (record.recordVersion !== recordVersion)
    throw new RangeError(
      `The operator's records are of version ${record.recordVersion}, this program reads ${recordVersion}: use the kubectl-rtc of the operator's own release (it is in its image, /app/kubectl-rtc.mjs)`,
    );
  return record;
}
