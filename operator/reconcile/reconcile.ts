/** The checklist for one RTCCluster: observe → decide → desired → plan → apply → status. */
import type { RtcCluster, RtcClusterStatus } from '../api/rtccluster.ts';
import { apiTime } from '../desired/apiTime.ts';
import type { Random } from '../desired/credentials.ts';
import { pauseOf } from '../desired/pause.ts';
import { figuresOf } from '../desired/figures.ts';
import { invalidStatus, statusOf } from '../desired/status.ts';
import type { FleetDecision } from '../fleet/decide.ts';
import type { Reason } from '../fleet/pod.ts';
import { keyText } from '../kube/store.ts';
import type { KubeObject, ObjectKey } from '../kube/api.ts';
import type { WorkResult } from '../kube/queue.ts';
import type { FleetReport, RefusedReport } from '../ops/fleet/report.ts';
import type { Noted } from '../record/decision.ts';
import { applyAll, applyStatus, type ApplyDeps } from './apply.ts';
import { transitions, type Transition } from './events.ts';
import { scaleEvents } from './scaleEvents.ts';
import type { Wiring } from './wiring.ts';
import { conditionEvents, refusalEvents } from './conditionEvents.ts';
import { intentOf } from './intent.ts';
import { observe, type ObserveDeps, type Observed } from './observe.ts';
import { asWritten, heldBy, isReleased, stillRefused, type Outcome, type Wishes } from './outcome.ts';
import type { Memory, Remembered } from './memory.ts';
import { revisionEvents } from './revisions.ts';
import { steerings } from './steer.ts';
import { auditFields, turnsOf } from './turns.ts';

/** What a reconciler is made of. */
export interface ReconcilerDeps extends ApplyDeps, Omit<ObserveDeps, 'nowMs'> {
  readonly config: {
    /** SFU image of clusters that name none. */
    readonly sfuImage: string;
    readonly clusterDomain: string;
    /** From one look at the pods to the next: their numbers are written no more often. */
    readonly pollPeriodMs: number;
  };
  readonly memory: Memory;
  readonly random: Random;
  readonly steer: (uid: string, isDraining: boolean) => Promise<void>;
  /** Has a pod asked at once; the answer leads to the next reconcile. */
  readonly look: (uid: string) => void;
  readonly record: (about: KubeObject, transition: Transition) => void;
  /** Told what each reconcile found out. */
  readonly report: (report: FleetReport) => void;
  /** The same of one whose spec cannot be read. */
  readonly refuse: (report: RefusedReport) => void;
  /** Remembers it for people who ask why. */
  readonly note: (noted: Noted) => void;
  /** Told of a cluster that is gone. */
  readonly forget: (key: string) => void;
}

/** Makes one cluster as it should be. Rejects where another attempt may help. */
export type Reconciler = (key: ObjectKey) => Promise<WorkResult>;

/** Looks again after this long although nothing seems to have happened. It costs no request. */
const resyncMs = 60_000;
/** The same after a refusal: somebody has to change something that we may not see. */
const refusedMs = 10_000;

/** A reconciler over these parts. */
export function createReconciler(deps: ReconcilerDeps): Reconciler {
  return async (key) => {
    const observed = observe(key, { ...deps, nowMs: deps.wallMs() });
    if (observed === undefined) {
      deps.forget(keyText(key));
      return {};
    }
    if (observed.cluster.ok) return reconcile(observed, observed.cluster.value, deps);
    await rejectSpec(observed, observed.cluster.message, deps);
    return {};
  };
}

async function reconcile(observed: Observed, cluster: RtcCluster, deps: ReconcilerDeps): Promise<WorkResult> {
  const { nowMs, object } = observed;
  const { clusterDomain, sfuImage: operatorsImage, pollPeriodMs: periodMs } = deps.config;
  const past = deps.memory.of(cluster);
  const { random } = deps;
  const context = { operatorsImage, clusterDomain, random, history: past.history };
  const { decision, actions, wiring, children, ...intent } = intentOf(observed, cluster, context);
  const { credentials, ...seen } = intent;
  deps.memory.keep(cluster, { history: decision.history });
  for (const event of scaleEvents(decision.scale)) deps.record(object, event);
  const pause = pauseIn(observed, cluster);
  const outcome = await outcomeOf({ actions, asks: decision.asks }, { pause, past }, deps);
  deps.memory.keep(cluster, { refused: pause === undefined ? outcome.kept : new Map() });
  const { done, refusal } = outcome;
  const written = asWritten(decision, actions, outcome);
  const { problems: credentialProblems } = credentials;
  const reasons = { credentialProblems, ...wiring, ...children, ...(refusal && { refusal }) };
  const figures = figuresOf(written, cluster.status, { nowMs, periodMs });
  const told = { operatorsImage, figures, ...seen, ...reasons };
  const status = statusOf({ cluster, decision: written, ...told }, apiTime(nowMs));
  const latest = deps.stores.clusters.get(object.metadata);
  if (!isReleased(object, done)) await applyStatus({ object, latest }, status, deps);
  deps.report({ cluster, decision: written, status, nowMs, ...endOf(wiring) });
  deps.note({ owner: cluster, decision: written, status, nowMs, done, ...(refusal && { refusal }) });
  tell({ object, cluster, status }, { ...outcome, written }, deps);
  if (pause === undefined) {
    for (const { uid, isDraining } of steerings(written)) await deps.steer(uid, isDraining);
    for (const uid of decision.asks) deps.look(uid);
  }
  const dueMs = earlier(decision.recheckMs, figures.dueMs);
  return { requeueAfterMs: nextLookMs(dueMs, refusal !== undefined, nowMs) };
}

/** A pause does not outlast its namespace: what is not let go now nobody will ever be able to. */
function pauseIn({ isNamespaceEnding }: Observed, cluster: RtcCluster): Reason | undefined {
  return isNamespaceEnding ? undefined : pauseOf(cluster);
}

interface Told {
  readonly object: KubeObject;
  readonly cluster: RtcCluster;
  readonly status: RtcClusterStatus;
}

/** What has become of it, for the audit and for people. */
function tell(
  { object, cluster, status }: Told,
  { written, done, refusal }: Outcome & { readonly written: FleetDecision },
  deps: ReconcilerDeps,
): void {
  for (const turn of turnsOf(written, done)) deps.log.info(auditFields(turn), 'Audit');
  const before = cluster.status.conditions ?? [];
  for (const transition of [
    ...revisionEvents(done),
    ...transitions(cluster.status.members ?? [], written, done),
    ...refusalEvents(before, refusal),
    ...conditionEvents(before, status.conditions ?? []),
  ])
    deps.record(object, transition);
}

/** While a cluster is paused everything that was planned is refused, with the reason, and so is what one more look would lead to. */
async function outcomeOf(
  wishes: Wishes,
  { pause, past }: { readonly pause: Reason | undefined; readonly past: Remembered },
  deps: ReconcilerDeps,
): Promise<Outcome> {
  if (pause !== undefined) return heldBy(pause, wishes);
  return stillRefused(past.refused ?? new Map(), await applyAll(wishes.actions, deps), wishes);
}

/** For the metric; nothing without a certificate. */
function endOf({ certificate }: Wiring): Pick<FleetReport, 'certificateEndsMs'> {
  return certificate?.endsMs === undefined ? {} : { certificateEndsMs: certificate.endsMs };
}

async function rejectSpec(observed: Observed, message: string, deps: ReconcilerDeps): Promise<void> {
  const { object } = observed;
  const generation = object.metadata.generation ?? 0;
  const before = (object['status'] ?? {}) as Parameters<typeof invalidStatus>[0];
  const status = invalidStatus(before, { generation, message, time: apiTime(observed.nowMs) });
  const { namespace = '', name } = object.metadata;
  deps.refuse({ cluster: { metadata: { namespace, name } }, status });
  await applyStatus({ object, latest: object }, status, deps);
  for (const event of refusalEvents(before.conditions ?? [], { reason: 'InvalidSpec', message }))
    deps.record(object, event);
}

function earlier(a = Number.POSITIVE_INFINITY, b = Number.POSITIVE_INFINITY): number {
  return Math.min(a, b);
}

function nextLookMs(dueMs: number, isRefused: boolean, nowMs: number): number {
  return Math.min(Math.max(0, dueMs - nowMs), isRefused ? refusedMs : resyncMs);
}
