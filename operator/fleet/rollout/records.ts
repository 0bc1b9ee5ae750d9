/** What is remembered of each revision, and which of them is the last good one. */
import type { Reason } from '../pod.ts';

/** One revision of the pods of a cluster. */
export interface RevisionRecord {
  readonly revision: string;
  /** When every pod was last of this revision and in DNS; absent: never. */
  readonly provenMs?: number;
  /** Its canary has stood its trial. */
  readonly isCanaryPassed: boolean;
  /** Why no pod is to be made of it any more. */
  readonly failure?: Reason;
}

/** What is to be written on the record of a revision. */
export interface RecordMark extends Reason {
  readonly revision: string;
  readonly kind: 'CanaryPassed' | 'Failed' | 'Proven';
}

/** The record of `revision`. */
export function recordOf(records: readonly RevisionRecord[], revision: string): RevisionRecord | undefined {
  return records.find((record) => record.revision === revision);
}

/** The one that all pods were last of; undefined when a cluster was never complete. */
export function lastProven(records: readonly RevisionRecord[]): RevisionRecord | undefined {
  return records
    .filter(({ provenMs }) => provenMs !== undefined)
    .reduce<RevisionRecord | undefined>(
      (last, record) => ((record.provenMs ?? 0) > (last?.provenMs ?? -1) ? record : last),
      undefined,
    );
}
