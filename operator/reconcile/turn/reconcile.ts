/** The checklist for one TurnServer: observe → decide → desired → plan → apply → status. */
import type { Condition } from '../../api/shared.ts';
import type { TurnServer, TurnServerStatus } from '../../api/turnserver.ts';
import type { Random } from '../../desired/credentials.ts';
import { secretKeys } from '../../desired/names.ts';
import { pauseOf } from '../../desired/pause.ts';
import { turnChildren, type TurnChildren } from '../../desired/turn/children.ts';
import { turnNames, turnSecretKeys } from '../../desired/turn/names.ts';
import type { FleetDecision } from '../../fleet/decide.ts';
import type { Reason } from '../../fleet/pod.ts';
import type { Consumers, WatchedSecret } from '../../facts/turn/consumers.ts';
import type { KubeObject, ObjectKey } from '../../kube/api.ts';
import type { WorkResult } from '../../kube/queue.ts';
import type { TurnReport } from '../../ops/turn/metrics.ts';
import type { Action } from '../action.ts';
import { applyAll, applyStatus, type ApplyDeps } from '../apply.ts';
import { conditionEvents, refusalEvents } from '../conditionEvents.ts';
import { transitions, type Transition } from '../events.ts';
import type { Memory } from '../memory.ts';
import { asWritten, heldBy, stillRefused, type Outcome } from '../outcome.ts';
import { isEqual } from '../owned.ts';
import { steerings } from '../steer.ts';
import { auditFields, turnsOf } from '../turns.ts';
import { decideTurn, type TurnDecision } from './decide.ts';
import { observeTurn, type TurnObserveDeps, type TurnObserved } from './observe.ts';
import { planTurn } from './plan.ts';
import { rotationEvents } from './rotationTurns.ts';
import { invalidTurnStatus, turnStatusOf } from './status.ts';

/** What a reconciler is made of. */
export interface TurnReconcilerDeps extends ApplyDeps, Omit<TurnObserveDeps, 'nowMs' | 'stores'> {
  /** Undefined while not everything was listed. */
  readonly stores: TurnObserveDeps['stores'] | undefined;
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
  /** Told of a TurnServer that is gone. */
  readonly forget: () => void;
}

/** Looks again after this long although nothing seems to have happened. It costs no request. */
const resyncMs = 60_000;
/** The same after a refusal, and while not everything was listed. */
const soonMs = 10_000;
const secretBytes = 32;

/** Makes one TurnServer as it should be. Rejects where another attempt may help. */
export async function reconcileTurn(key: ObjectKey, deps: TurnReconcilerDeps): Promise<WorkResult> {
  const { stores } = deps;
  if (stores === undefined) return { requeueAfterMs: soonMs };
  const observed = observeTurn(key, { ...deps, stores, nowMs: deps.wallMs() });
  if (observed === undefined) {
    deps.forget();
    return {};
  }
  if (observed.server.ok) return reconcile(observed, observed.server.value, deps);
  await rejectSpec(observed, observed.server.message, deps);
  return {};
}

async function reconcile(
  observed: TurnObserved,
  server: TurnServer,
  deps: TurnReconcilerDeps,
): Promise<WorkResult> {
  const { object, nowMs } = observed;
  const past = deps.memory.of(server);
  const decision = decideTurn(observed, server, {
    history: past.history,
    consumers: deps.consumersOf(overlapping(observed)),
    fresh: deps.spareSecret(Object.values(secretsIn(observed))),
  });
  deps.memory.keep(server, { history: decision.pods.history });
  const actions = actionsOf(observed, server, { decision, deps });
  const pause = stopOf(observed, server, deps);
  const wishes = { actions, asks: decision.pods.asks };
  const outcome =
    pause === undefined
      ? stillRefused(past.refused ?? new Map(), await applyAll(actions, deps), wishes)
      : heldBy(pause, wishes);
  deps.memory.keep(server, { refused: pause === undefined ? outcome.kept : new Map() });
  const written = { ...decision, pods: asWritten(decision.pods, actions, outcome) };
  const { refusal } = outcome;
  const told = { observed, decision: written, ...(refusal && { refusal }) };
  const status = turnStatusOf(server, told, timeOf(nowMs));
  if (!isReleased(object, outcome.done)) await writeStatus(object, status, deps);
  const { metadata } = server;
  const { members } = written.pods;
  deps.report({ metadata, members, rotation: decision.rotation, conditions: status.conditions, nowMs });
  tell({ object, server }, { ...outcome, written, conditions: status.conditions ?? [] }, deps);
  if (pause === undefined) await steer(written.pods, deps);
  return { requeueAfterMs: nextLookMs(decision, refusal !== undefined, nowMs) };
}

function actionsOf(
  observed: TurnObserved,
  server: TurnServer,
  { decision, deps }: { readonly decision: TurnDecision; readonly deps: TurnReconcilerDeps },
): Action[] {
  const { object, pods, found, isNamespaceEnding, nowMs } = observed;
  const { fleet, auth, rotation, dataDigest, revision } = decision;
  const children = childrenOf(observed, server, { decision, random: deps.random });
  const from = { fleet, auth, rotation, dataDigest, revision, operatorsImage: deps.operatorsImage ?? '' };
  return planTurn({
    ...{ server, object, pods, found, isNamespaceEnding, nowMs, children, ...from },
    decision: decision.pods,
  });
}

/** What keeps everything as it is: a person, or an operator that was started without what it needs. */
function stopOf(
  { isNamespaceEnding }: TurnObserved,
  server: TurnServer,
  { operatorsImage }: TurnReconcilerDeps,
): Reason | undefined {
  if (isNamespaceEnding) return undefined;
  const pause = pauseOf(server);
  if (pause !== undefined || operatorsImage !== undefined) return pause;
  const message =
    'The operator does not know its own image, in which the agent of TURN pods is: start it with --own-image (RTC_OPERATOR_OWN_IMAGE), as its chart does';
  return { reason: 'OwnImageUnknown', message };
}

/** Of the Secret with the shared secrets, decoded. */
function secretsIn({ secrets, server }: TurnObserved): Readonly<Record<string, string>> {
  const data = server.ok ? (secrets[turnNames.authSecret(server.value)] ?? {}) : {};
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}

/** Nobody is looked for but while an old secret waits for them. */
function overlapping(observed: TurnObserved): WatchedSecret[] {
  if (secretsIn(observed)[turnSecretKeys.previous] === undefined) return [];
  return observed.issuers.map(({ namespace, secretName }) => ({ namespace, name: secretName }));
}

function childrenOf(
  { secrets, issuance }: TurnObserved,
  server: TurnServer,
  { decision, random }: { readonly decision: TurnDecision; readonly random: Random },
): TurnChildren {
  const agent = secrets[turnNames.agentSecret(server)] ?? {};
  const keyIn = (key: string): string =>
    agent[key] === undefined ? random(secretBytes) : Buffer.from(agent[key], 'base64').toString();
  return turnChildren(server, {
    agentKeys: { adminKey: keyIn(secretKeys.adminKey), metricsKey: keyIn(secretKeys.metricsKey) },
    secret: decision.rotation.issue,
    uris: decision.uris,
    peers: decision.peers.lines,
    canIssue: issuance.availability === 'Served',
  });
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

/** The finalizer is gone and the object with it: nothing to write a status to. */
function isReleased({ metadata }: KubeObject, done: readonly Action[]): boolean {
  const patched = done.some(({ object }) => object.kind === 'TurnServer');
  return metadata.deletionTimestamp !== undefined && (patched || (metadata.finalizers ?? []).length === 0);
}

async function writeStatus(object: KubeObject, status: object, deps: ApplyDeps): Promise<void> {
  if (!isEqual(object['status'], status)) await applyStatus(object, status, deps);
}

async function rejectSpec(observed: TurnObserved, message: string, deps: TurnReconcilerDeps): Promise<void> {
  const { object } = observed;
  const before = (object['status'] ?? {}) as Partial<TurnServerStatus>;
  const status = invalidTurnStatus(before, {
    ...{ generation: object.metadata.generation ?? 0, message, time: timeOf(observed.nowMs) },
  });
  await writeStatus(object, status, deps);
  for (const event of refusalEvents(before.conditions ?? [], { reason: 'InvalidSpec', message }))
    deps.record(object, event);
}

function nextLookMs({ pods, rotation }: TurnDecision, isRefused: boolean, nowMs: number): number {
  const due = [pods.recheckMs, rotation.againMs].filter((ms) => ms !== undefined).map((ms) => ms - nowMs);
  return Math.max(0, Math.min(...due, isRefused ? soonMs : resyncMs));
}

/** RFC 3339 in whole seconds, as the API writes its own times. */
function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
