/** What this leader decided last of each object of one kind, and the last changes of that: for people who ask why. In memory only. */
import { changesOf, compared, type Compared, type RecordedChange } from './changes.ts';
import { recordedDecision, type Noted, type RecordedDecision } from './decision.ts';

/** All that is kept of one of them. */
export interface Entry {
  readonly last: RecordedDecision;
  /** Oldest first, at most `keptChanges`. */
  readonly changes: readonly RecordedChange[];
}

/** See the file comment. */
export interface Journal {
  note(noted: Noted): void;
  /** Of `namespace/name`; undefined before its first decision. */
  of(key: string): Entry | undefined;
  /** `namespace/name` is gone. */
  forget(key: string): void;
}

/** Some 200 bytes each: a thousand clusters cost ten megabytes at most. */
export const keptChanges = 50;

/** An empty one. */
export function createJournal(): Journal {
  const entries = new Map<string, Entry & { readonly status: Compared }>();
  return {
    note(noted) {
      const { owner, decision, status, refusal, nowMs } = noted;
      const key = `${owner.metadata.namespace}/${owner.metadata.name}`;
      const before = entries.get(key);
      const was = before?.last.refusal;
      const changes = changesOf(
        { status: before?.status ?? owner.status, ...(was && { refusal: was }) },
        { status, deletions: decision.deletions, nowMs, ...(refusal && { refusal }) },
      );
      entries.set(key, {
        last: recordedDecision(noted, before?.last),
        status: compared(status),
        changes: [...(before?.changes ?? []), ...changes].slice(-keptChanges),
      });
    },
    of: (key) => entries.get(key),
    forget: (key) => void entries.delete(key),
  };
}
