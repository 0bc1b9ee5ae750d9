/** The checklist for one TurnServer: observe → decide → desired → plan → apply → status. */
import type { Condition } from '../../api/shared.ts';
import type { TurnServer } from '../../api/turnserver.ts';
import type { Random } from '../../desired/credentials.ts';
import { apiTime } from '../../desired/apiTime.ts';
import type { FleetDecision } from '../../fleet/decide.ts';
import type { Consumers, WatchedSecret } from '../../facts/turn/consumers.ts';
import type { KubeObject, ObjectKey } from '../../kube/api.ts';
import type { WorkResult } from '../../kube/queue.ts';
import type { TurnReport } from '../../ops/turn/metrics.ts';
import type { Noted } from '../../record/decision.ts';
import { applyAll, applyStatus, type ApplyDeps } from '../apply.ts';
import { conditionEvents, refusalEvents } from '../conditionEvents.ts';
import { transitions, type Transition } from '../events.ts';
import type { Memory } from '../memory.ts';
import { heldBy, isReleased, stillRefused, type Outcome } from '../outcome.ts';
import { steerings } from '../steer.ts';
import { auditFields, turnsOf } from '../turns.ts';
import { turnAsWritten } from './asWritten.ts';
import type { Lack } from './caches.ts';
import type { TurnDecision } from './decide.ts';
import { turnIntentOf } from './intent.ts';
import { observeTurn, type TurnObserveDeps, type TurnObserved } from './observe.ts';
import { notReadable, refuseTurn, type RefuseDeps } from './refuse.ts';
import { turnReport } from './report.ts';
import { rotationEvents } from './rotationTurns.ts';
import { overlapping, secretsIn } from './secrets.ts';
import { turnStatusOf } from './status.ts';
import { stopOf } from './stop.ts';

/** What a reconciler is made of. */
export interface TurnReconcilerDeps extends ApplyDeps, Omit<TurnObserveDeps, 'nowMs' | 'stores'> {
  /** Undefined while not everything was listed. */
  readonly stores: TurnObserveDeps['stores'] | undefined;
  /** Then, where that will not come by itself: the TurnServer, and which kind cannot be listed. */
  readonly unseen?: { readonly object: KubeObject; readonly lack: Lack };
  /** The operator's own: the agent is in it. Undefined: nobody has said which it is. */
  readonly operatorsImage: string | undefined;
  readonly random: Random;
  /** A random secret that is none of these, in case one is needed. */
  readonly spareSecret: (used: readonly string[]) => string;
  readonly memory: Memory;
  /** Who makes credentials with these Secrets, as far as is known; told when nobody needs to know any more. */
  readonly consumersOf: (secrets: readonly WatchedSecret[]) => Consumers;
  readonly steer: (uid: string, isDraining: boolean) => Promise<void>;
  /** Has a pod asked at once; the answer leads to the next reconcile. */
  readonly look: (uid: string) => void;
  readonly record: (about: KubeObject, transition: Transition) => void;
  readonly report: (report: TurnReport) => void;
  readonly refuse: RefuseDeps['refuse'];
  /** Remembers it for people who ask why. */
  readonly note: (noted: Noted) => void;
  /** Told of a TurnServer that is gone. */
  readonly forget: () => void;
}

/** Looks again after this long although nothing seems to have happened. It costs no request. */
const resyncMs = 60_000;
/** The same after a refusal, and while not everything was listed. */
const soonMs = 10_000;

/** Makes one TurnServer as it should be. Rejects where another attempt may help. */
export async function reconcileTurn(key: ObjectKey, deps: TurnReconcilerDeps): Promise<WorkResult> {
  const { stores, unseen } = deps;
  if (stores === undefined) {
    if (unseen !== undefined) await refuseTurn(unseen.object, notReadable(unseen.lack), deps);
    return { requeueAfterMs: soonMs };
  }
  const observed = observeTurn(key, { ...deps, stores, nowMs: deps.wallMs() });
  if (observed === undefined) {
    deps.forget();
    return {};
  }
  if (observed.server.ok) return reconcile(observed, observed.server.value, deps);
  await refuseTurn(observed.object, { reason: 'InvalidSpec', message: observed.server.message }, deps);
  return {};
}

async function reconcile(
  observed: TurnObserved,
  server: TurnServer,
  deps: TurnReconcilerDeps,
): Promise<WorkResult> {
  const { object, nowMs } = observed;
  const past = deps.memory.of(server);
  const { operatorsImage, random } = deps;
  const { decision, actions } = turnIntentOf(observed, server, {
    ...{ operatorsImage, random, history: past.history },
    consumers: deps.consumersOf(overlapping(observed)),
    fresh: deps.spareSecret(Object.values(secretsIn(observed))),
  });
  deps.memory.keep(server, { history: decision.pods.history });
  const pause = stopOf(observed, server, operatorsImage);
  const wishes = { actions, asks: decision.pods.asks };
  const outcome =
    pause === undefined
      ? stillRefused(past.refused ?? new Map(), await applyAll(actions, deps), wishes)
      : heldBy(pause, wishes);
  deps.memory.keep(server, { refused: pause === undefined ? outcome.kept : new Map() });
  const written = turnAsWritten(server, decision, { actions, outcome });
  const { refusal } = outcome;
  const told = { observed, decision: written, ...(refusal && { refusal }) };
  const status = turnStatusOf(server, told, apiTime(nowMs));
  const latest = deps.stores?.servers.get(object.metadata);
  if (!isReleased(object, outcome.done)) await applyStatus({ object, latest }, status, deps);
  deps.report(turnReport(server, { decision: written, status, nowMs }));
  deps.note(notedOf(server, written, { status, nowMs, ...outcome }));
  tell({ object, server }, { ...outcome, written, conditions: status.conditions ?? [] }, deps);
  if (pause === undefined) await steer(written.pods, deps);
  return { requeueAfterMs: nextLookMs(written, refusal !== undefined, nowMs) };
}

async function steer(decision: FleetDecision, deps: TurnReconcilerDeps): Promise<void> {
  for (const { uid, isDraining } of steerings(decision)) await deps.steer(uid, isDraining);
  for (const uid of decision.asks) deps.look(uid);
}

interface Told {
  readonly written: TurnDecision;
  readonly conditions: readonly Condition[];
}

/** What has become of it, for the audit and for people. */
function tell(
  { object, server }: { readonly object: KubeObject; readonly server: TurnServer },
  { written, done, refusal, conditions }: Outcome & Told,
  deps: TurnReconcilerDeps,
): void {
  for (const turn of turnsOf(written.pods, done)) deps.log.info(auditFields(turn), 'Audit');
  const rotated = rotationEvents(done, written.rotation);
  for (const { reason, message } of rotated) deps.log.info({ audit: reason, message }, 'Audit');
  for (const transition of [
    ...transitions(server.status.members ?? [], written.pods, done),
    ...rotated,
    ...refusalEvents(server.status.conditions ?? [], refusal),
    ...conditionEvents(server.status.conditions ?? [], conditions),
  ])
    deps.record(object, transition);
}

function notedOf(
  owner: TurnServer,
  { pods: decision, rotation }: TurnDecision,
  { status, nowMs, done, refusal }: Outcome & Pick<Noted, 'status' | 'nowMs'>,
): Noted {
  return { owner, decision, rotation, status, nowMs, done, ...(refusal && { refusal }) };
}

function nextLookMs({ pods, rotation }: TurnDecision, isRefused: boolean, nowMs: number): number {
  const due = [pods.recheckMs, rotation.againMs].filter((ms) => ms !== undefined).map((ms) => ms - nowMs);
  return Math.max(0, Math.min(...due, isRefused ? soonMs : resyncMs));
}
