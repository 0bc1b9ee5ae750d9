/** Puts the journal, the memory and a fresh look together: what is told of an RTCCluster or TurnServer to people who ask why. */
import type { Config } from './config.ts';
import { keyText } from './kube/store.ts';
import type { ObjectKey } from './kube/api.ts';
import type { Consumers } from './facts/turn/consumers.ts';
import type { Records } from './ops/records.ts';
import type { Journal } from './record/journal.ts';
import { recordVersion, type AnyRecord, type ClusterRecord, type TurnRecord } from './record/record.ts';
import { redactedObserved } from './record/redact.ts';
import { redactedTurn } from './record/redactTurn.ts';
import type { Memory } from './reconcile/memory.ts';
import type { Parsed } from './reconcile/observed.ts';
import type { Observed } from './reconcile/observe.ts';
import type { TurnObserved } from './reconcile/turn/observe.ts';

/** What people are told whose object is not listed yet. */
export const askAgain = 'Ask again in some seconds';

/** What records of either kind are made of; `O` is an observation. */
interface RecordingDeps<O> {
  readonly memory: Memory;
  readonly journal: Journal;
  /** A look at an object, from memory; undefined when there is none. */
  readonly look: (key: ObjectKey) => O | undefined;
  /** What keeps `look` from finding one that may be there. */
  readonly unseen?: (key: ObjectKey) => string | undefined;
  /** Keys of all there are. */
  readonly keys: () => readonly ObjectKey[];
}

/** What those of RTCClusters are made of. */
export interface ClusterRecordingDeps extends RecordingDeps<Observed> {
  readonly config: Pick<Config, 'identity' | 'sfuImage' | 'clusterDomain'>;
}

/** What those of TurnServers are made of. */
export interface TurnRecordingDeps extends RecordingDeps<TurnObserved> {
  readonly config: Pick<Config, 'identity' | 'ownImage'>;
  /** As far as is known; asking begins no search. */
  readonly consumersOf: (key: ObjectKey) => Consumers;
}

/** Costs no request. */
export function clusterRecording(deps: ClusterRecordingDeps): Records<ClusterRecord> {
  const { identity, sfuImage: operatorsImage, clusterDomain } = deps.config;
  return recordsOf(deps, (key, observed) => ({
    ...remembered(key, deps, { by: identity, owner: observed.cluster }),
    settings: { operatorsImage, clusterDomain },
    observed: redactedObserved(observed),
  }));
}

/** Costs no request. */
export function turnRecording(deps: TurnRecordingDeps): Records<TurnRecord> {
  const { identity, ownImage: operatorsImage } = deps.config;
  return recordsOf(deps, (key, observed) => ({
    ...remembered(key, deps, { by: identity, owner: observed.server }),
    settings: { ...(operatorsImage !== undefined && { operatorsImage }) },
    observed: redactedTurn(observed),
    consumers: deps.consumersOf(key),
  }));
}

function recordsOf<O, R extends AnyRecord>(
  { keys, look, unseen }: RecordingDeps<O>,
  make: (key: ObjectKey, observed: O) => R,
): Records<R> {
  return {
    keys,
    ...(unseen && { unseen }),
    recordOf(key) {
      const observed = look(key);
      return observed && make(key, observed);
    },
  };
}

function remembered<O>(
  key: ObjectKey,
  { memory, journal }: RecordingDeps<O>,
  { by, owner }: { readonly by: string; readonly owner: Parsed<Parameters<Memory['of']>[0]> },
): AnyRecord {
  const { history } = owner.ok ? memory.of(owner.value) : {};
  const entry = journal.of(keyText(key));
  return {
    ...{ recordVersion, by },
    ...(history && { history }),
    ...(entry && { last: entry.last }),
    changes: entry?.changes ?? [],
  };
}
