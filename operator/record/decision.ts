/** PURE: a decision as plain data that can be kept and sent: no Maps, and of writes only what they are about. */
import type { FleetDecision } from '../fleet/decide.ts';
import type { Reason } from '../fleet/pod.ts';
import type { RolloutDecision } from '../fleet/rollout/decide.ts';
import type { Action } from '../reconcile/action.ts';
import type { Rotation } from '../turn/rotation/state.ts';
import type { ToldStatus } from './changes.ts';

/** What one reconcile decided and did. */
export interface Noted {
  /** The RTCCluster or TurnServer, with the status that it had before. */
  readonly owner: {
    readonly metadata: { readonly namespace: string; readonly name: string };
    readonly status: ToldStatus;
  };
  /** As far as it was written. */
  readonly decision: FleetDecision;
  /** Of a TurnServer. */
  readonly rotation?: Rotation;
  readonly status: ToldStatus;
  readonly done: readonly Action[];
  /** Why the first of what was not done was not. */
  readonly refusal?: Reason;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** One write, without what was written: that may be a secret. */
export interface RecordedAction extends Reason {
  readonly type: Action['type'];
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A rollout without what only the next step needs. */
export type RecordedRollout = Pick<
  RolloutDecision,
  'target' | 'current' | 'base' | 'canaries' | 'wanted' | 'progress'
>;

/** Where the rotation of a TURN secret stands, without any secret. */
export interface RecordedRotation extends Reason, Pick<Rotation, 'stage' | 'waitingFor'> {}

/** A decision with the pods that it was made on. */
export interface RecordedDecision extends Pick<
  FleetDecision,
  'wanted' | 'scale' | 'members' | 'create' | 'surge' | 'deletions' | 'recheckMs'
> {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly rollout: RecordedRollout;
  /** Of a TurnServer. */
  readonly rotation?: RecordedRotation;
  /** What was written last, and when: most decisions write nothing. */
  readonly written?: { readonly atMs: number; readonly actions: readonly RecordedAction[] };
  /** Why the first of what was to be written was not. */
  readonly refusal?: Reason;
}

/** `before` has what was written last when nothing was now. */
export function recordedDecision(noted: Noted, before: RecordedDecision | undefined): RecordedDecision {
  const { decision, rotation, done, refusal, nowMs } = noted;
  const { wanted, scale, members, create, surge, deletions, recheckMs } = decision;
  const written = done.length > 0 ? { atMs: nowMs, actions: done.map(recordedAction) } : before?.written;
  return {
    ...{ atMs: nowMs, wanted, scale, members, create, surge, deletions },
    ...(recheckMs !== undefined && { recheckMs }),
    rollout: recordedRollout(decision.rollout),
    ...(rotation && { rotation: recordedRotation(rotation) }),
    ...(written && { written }),
    ...(refusal && { refusal }),
  };
}

/** See RecordedRollout. */
export function recordedRollout(rollout: RolloutDecision): RecordedRollout {
  const { target, current, base, canaries, wanted, progress } = rollout;
  return { target, current, base, canaries, wanted, ...(progress && { progress }) };
}

/** See RecordedRotation. */
export function recordedRotation({ stage, waitingFor, reason: why }: Rotation): RecordedRotation {
  return { stage, waitingFor, reason: why.reason, message: why.message };
}

/** See RecordedAction. */
export function recordedAction({ type, object, reason, message }: Action): RecordedAction {
  const { namespace, name } = object.metadata;
  return { type, kind: object.kind, ...(namespace !== undefined && { namespace }), name, reason, message };
}
