/** The work on RTCClusters, wired: what it sees, what it does, what is told of it. `turning.ts` is the same of TurnServers. */
import { randomBytes } from 'node:crypto';
import type { Config } from './config.ts';
import type { NameWatch } from './facts/nameWatch.ts';
import type { Poller } from './facts/poller.ts';
import type { KubeClient } from './kube/client.ts';
import { systemClock, type Clock } from './kube/clock.ts';
import type { EventRecorder } from './kube/events.ts';
import type { createQueue } from './kube/queue.ts';
import type { Log } from './ops/logger.ts';
import type { OperatorMetrics } from './ops/metrics.ts';
import type { Records } from './ops/records.ts';
import type { Probing } from './probing.ts';
import type { Caches } from './reconcile/caches.ts';
import { keyOf } from './reconcile/keys.ts';
import type { Memory } from './reconcile/memory.ts';
import { observe, type ObserveDeps } from './reconcile/observe.ts';
import { createReconciler } from './reconcile/reconcile.ts';
import type { Journal } from './record/journal.ts';
import type { ClusterRecord } from './record/record.ts';
import { askAgain, clusterRecording } from './recording.ts';

/** What it is done with. */
export interface ClusterDeps {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: OperatorMetrics;
  /** Default: the machine's own time. */
  readonly clock?: Clock;
}

/** What the work on RTCClusters is made of. */
export interface ClusterParts {
  readonly kube: ReturnType<KubeClient['api']>;
  readonly caches: Caches;
  readonly poller: Poller;
  readonly probing: Probing;
  readonly names: NameWatch;
  readonly recorder: EventRecorder;
  readonly memory: Memory;
  readonly journal: Journal;
}

/** Reconciles the cluster of a key of the queue. */
export function clusterWork(
  { config, log, metrics, clock = systemClock }: ClusterDeps,
  parts: ClusterParts,
): Parameters<typeof createQueue>[0]['work'] {
  const { kube, caches, poller, recorder, memory, journal } = parts;
  return (text) => {
    const key = keyOf(text);
    const reconcile = createReconciler({
      ...{ kube, config, log: log.child({ cluster: text }), ...sightOf(parts, key.namespace ?? '') },
      onWritten: (object) => caches.noteWrite(object),
      steer: (uid, isDraining) => poller.steer(uid, isDraining),
      look: (uid) => poller.look(uid),
      record: (about, { type, reason, message }) =>
        recorder.record(about, { type, reason, action: 'Reconcile', note: message }),
      random: (bytes) => randomBytes(bytes).toString('base64url'),
      wallMs: () => clock.wallMs(),
      report: (report) => metrics.fleets.report(report),
      refuse: (report) => metrics.fleets.refuse(report),
      note: (noted) => journal.note(noted),
      memory,
      forget(gone) {
        metrics.fleets.forget(gone);
        memory.forget(gone);
        journal.forget(gone);
      },
    });
    return reconcile(key);
  };
}

/** What a look at the clusters of a namespace sees. */
function sightOf({ caches, probing, names }: ClusterParts, namespace: string): Omit<ObserveDeps, 'nowMs'> {
  return {
    stores: caches.storesFor(namespace),
    factsOf: (uid) => probing.factsOf(uid),
    nameFactsOf: (cluster) => names.of(cluster),
    canReadNodes: () => caches.canReadNodes(),
    ...turnSight(caches, namespace),
    sfuPods: () => caches.sfuPods(),
  };
}

/** What people are told who ask why. */
export function clusterRecords(
  { config, clock = systemClock }: ClusterDeps,
  parts: ClusterParts,
): Records<ClusterRecord> {
  const { memory, journal, caches } = parts;
  return clusterRecording({
    ...{ config, memory, journal },
    keys: () => caches.clusterKeys().map(keyOf),
    look(key) {
      const namespace = key.namespace ?? '';
      if (!caches.watches(namespace) || caches.notSynced() !== undefined) return undefined;
      return observe(key, { ...sightOf(parts, namespace), nowMs: clock.wallMs() });
    },
    unseen: ({ namespace = '' }) => unlisted(namespace, caches),
  });
}

function turnSight({ turn }: Caches, namespace: string): Pick<ObserveDeps, 'turn'> {
  const reader = turn.readerFor(namespace);
  return reader === undefined ? {} : { turn: reader };
}

/** Why RTCClusters of a namespace cannot be told of; undefined: they can. Nothing is decided before all was listed, either. */
function unlisted(namespace: string, caches: Caches): string | undefined {
  const missing = caches.watches(namespace) ? caches.notSynced() : undefined;
  return missing === undefined ? undefined : `${missing}. ${askAgain}`;
}
