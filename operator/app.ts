/** The operator without a process around it: built from its parts, started and stopped. Tests run this very thing. */
import { randomBytes } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { clusterRecords, clusterWork } from './clusters.ts';
import type { Config } from './config.ts';
import { createSfuClient, type SfuClient } from './facts/client.ts';
import { externalNames } from './facts/externalNames.ts';
import { createNameWatch, type NameWatch, type NameWatchDeps } from './facts/nameWatch.ts';
import type { ProbeClient } from './facts/probeClient.ts';
import type { Allocate } from './facts/turn/agentClient.ts';
import { createPoller, type Poller } from './facts/poller.ts';
import { targetOf } from './facts/targets.ts';
import type { Facts } from './fleet/pod.ts';
import type { KubeClient } from './kube/client.ts';
import { systemClock, type Clock } from './kube/clock.ts';
import { AlreadyExistsError, ConflictError, NotFoundError } from './kube/errors.ts';
import { createEventRecorder } from './kube/events.ts';
import { createElection, type Election } from './kube/leader.ts';
import { createQueue, type Queue } from './kube/queue.ts';
import type { Log } from './ops/logger.ts';
import type { OperatorMetrics } from './ops/metrics.ts';
import type { RecordSource } from './ops/records.ts';
import { deafReason, type MirrorVitals, stuckReason } from './ops/vitals.ts';
import { createProbing, httpProbeClient, noProbing } from './probing.ts';
import { createCaches, type Caches } from './reconcile/caches.ts';
import { isTurnKey } from './reconcile/keys.ts';
import { createTurning } from './turning.ts';
import { createMemory } from './reconcile/memory.ts';
import { createJournal } from './record/journal.ts';

/** What an operator is made of. */
export interface OperatorDeps {
  readonly config: Config;
  readonly client: KubeClient;
  readonly log: Log;
  readonly metrics: OperatorMetrics;
  /** A records of a name. Default: as the pod's DNS says. */
  readonly resolve?: NameWatchDeps['resolve'];
  /** Called once when we led and no longer may: the process is expected to end. */
  readonly onLost: (reason: string) => void;
  /** Default: the machine's own time. */
  readonly clock?: Clock;
  /** How SFU pods are asked. Default: over HTTP. */
  readonly sfu?: SfuClient;
  /** How they are had to call each other. Default: over HTTP; with `sfu` nobody is. */
  readonly probes?: ProbeClient;
  /** How a coturn is tried. Default: by an allocation over the network. */
  readonly allocate?: Allocate;
}

/** A running operator. */
export interface Operator {
  start(): void;
  /** Why this replica is of no use right now; undefined when it is. */
  readonly notReady: () => string | undefined;
  /** What only a restart heals; undefined while all goes on. */
  readonly stuck: () => string | undefined;
  /** What it knows of each RTCCluster and TurnServer and last decided, for people who ask why. */
  readonly records: RecordSource;
  /** Ends what is in flight and releases the lease. Idempotent. */
  stop(): Promise<void>;
}

/** Requests to SFU pods in flight at most. */
const parallelPolls = 64;
/** A renewal that hangs must not cost the lead. */
const leaseTimeoutMs = 3_000;

/** An operator that does nothing before `start()`. */
export function createOperator(deps: OperatorDeps): Operator {
  const { config, client, log, metrics, clock = systemClock } = deps;
  const election = config.leaderElection ? electionOf(deps, () => void lead()) : undefined;
  const kube = client.api(election && { fence: election.fence });
  const recorder = createEventRecorder({ kube, clock, log, instance: config.identity });
  const caches = createCaches({
    ...{ kube, log, clock, observer: metrics, namespaces: config.watchNamespaces },
    bindingNamespaces: config.bindingNamespaces,
    onChange: (key) => queue.add(key),
    onPod: () => poller.hurry(),
    onTurnPod: () => turning.hurry(),
  });
  const sfu = deps.sfu ?? httpSfuClient(config);
  const onNews = (key: string): void => queue.add(key);
  const fence = election?.fence;
  const poller = pollerOf(deps, {
    ...{ caches, sfu, fence },
    onNews(key) {
      onNews(key);
      probing.hurry();
    },
  });
  const factsOf = (uid: string): Facts | undefined => poller.factsOf(uid);
  const probes = deps.probes ?? (deps.sfu === undefined ? httpProbeClient() : undefined);
  const probing =
    probes === undefined
      ? noProbing(factsOf)
      : createProbing({ caches, log, clock, client: probes, fence, onNews, factsOf });
  const names = nameWatchOf(deps, { caches, onNews });
  const turning = createTurning({
    ...{ config, kube, caches, log, clock, fence, recorder, onNews, metrics: metrics.turn },
    ...(deps.allocate && { allocate: deps.allocate }),
  });
  const parts = {
    kube,
    caches,
    poller,
    probing,
    names,
    recorder,
    memory: createMemory(),
    journal: createJournal(),
  };
  const reconcileCluster = clusterWork(deps, parts);
  const isLeader = (): boolean => election?.isLeader() ?? true;
  const queue = queueOf(deps, (key, ...rest) =>
    isTurnKey(key) ? turning.work(key) : reconcileCluster(key, ...rest),
  );
  metrics.readFrom({
    queue: () => queue.stats(),
    kinds: () => caches.kinds(),
    isLeader,
  });
  /** Nothing is decided before every store was filled and every pod asked: an empty view would look like lost pods. */
  const lead = async (): Promise<void> => {
    await Promise.all([caches.synced, caches.turn.known]);
    for (const key of caches.clusterKeys()) queue.add(key, 'low');
    await Promise.all([poller.start(), names.start(), turning.start()]);
    probing.start();
    queue.start();
    log.info({ clusters: caches.clusterKeys().length }, 'Started to reconcile');
  };
  const vitals = (): MirrorVitals[] =>
    caches.kinds().map((watched) => ({
      kind: watched.kind,
      idleMs: watched.idleMs(),
      lastEventAgeMs: watched.lastEventAgeMs(),
    }));
  const stop = async (): Promise<void> => {
    poller.stop();
    turning.stop();
    names.stop();
    probing.stop();
    await queue.close();
    await recorder.flush();
    await Promise.all([caches.close(), sfu.close(), probing.close(), turning.close()]);
    await election?.close();
  };
  let stopping: Promise<void> | undefined;
  return {
    start() {
      caches.start();
      if (election === undefined) void lead();
      else election.start();
    },
    notReady: () => caches.notSynced() ?? deafReason(vitals()),
    stuck: () => stuckReason(vitals(), queue.longestWorkMs()),
    records: { isLeader, clusters: clusterRecords(deps, parts), turnservers: turning.records },
    stop: () => (stopping ??= stop()),
  };
}

function httpSfuClient({ pollTimeoutMs, pollPeriodMs }: Config): SfuClient {
  return createSfuClient({ timeoutMs: pollTimeoutMs, keepAliveMs: pollPeriodMs * 3 });
}

function electionOf(
  { config, client, log, onLost, clock = systemClock }: OperatorDeps,
  onElected: () => void,
): Election {
  return createElection({
    kube: client.api({ timeoutMs: leaseTimeoutMs }),
    lease: { namespace: config.leaseNamespace, name: config.leaseName },
    // A container that restarts keeps its pod's name, and must not take itself for the leader it was.
    identity: `${config.identity}_${randomBytes(4).toString('hex')}`,
    ...{ clock, log, onElected, onLost },
  });
}

interface PollerParts {
  readonly caches: Caches;
  readonly sfu: SfuClient;
  readonly fence: Election['fence'] | undefined;
  readonly onNews: (key: string) => void;
}

function pollerOf(
  { config, log, clock = systemClock }: OperatorDeps,
  { caches, sfu, fence, onNews }: PollerParts,
): Poller {
  return createPoller({
    ...{ client: sfu, clock, log, fence, onNews, parallel: parallelPolls },
    targets: () =>
      caches.sfuPods().flatMap((pod) => targetOf(pod, (...of) => caches.secretNamed(...of)) ?? []),
    periodMs: config.pollPeriodMs,
  });
}

/** Looked up as often as pods are asked, and given up as soon. */
function nameWatchOf(
  { config, log, resolve, clock = systemClock }: OperatorDeps,
  { caches, onNews }: Pick<PollerParts, 'caches' | 'onNews'>,
): NameWatch {
  const resolver = new Resolver({ timeout: config.pollTimeoutMs, tries: 2 });
  return createNameWatch({
    ...{ clock, log, onNews, periodMs: config.pollPeriodMs },
    resolve: resolve ?? ((hostname) => resolver.resolve4(hostname)),
    names: () => externalNames(caches.clusters()),
  });
}

/** What a decision on an old view ends with; the next one is on a newer. */
const oldView = [AlreadyExistsError, ConflictError, NotFoundError];

function queueOf(
  { log, metrics, clock = systemClock }: OperatorDeps,
  work: Parameters<typeof createQueue>[0]['work'],
): Queue {
  return createQueue({
    work,
    clock,
    onRun: (report) => metrics.onRun(report),
    onError({ key, error, failures, retryInMs }) {
      const fields = { cluster: key, err: error, failures, retryInMs: Math.round(retryInMs) };
      if (oldView.some((kind) => error instanceof kind)) log.debug(fields, 'Decided on an old view');
      else log.warn(fields, 'Reconcile failed');
    },
  });
}
