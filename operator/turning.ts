/** TurnServers, wired: who is asked, what is known of those that make credentials, and who reconciles. */
import { randomBytes } from 'node:crypto';
import type { Config } from './config.ts';
import { realmOf, turnNames } from './desired/turn/names.ts';
import { createPoller, type Poller } from './facts/poller.ts';
import { createTurnClient, type Allocate } from './facts/turn/agentClient.ts';
import { createConsumerWatch } from './facts/turn/consumers.ts';
import { tryAllocation } from './facts/turn/tryAllocation.ts';
import { turnTargetOf, type TurnTarget } from './facts/turn/targets.ts';
import type { KubeApi, KubeObject, ObjectKey } from './kube/api.ts';
import type { Clock } from './kube/clock.ts';
import type { EventRecorder } from './kube/events.ts';
import type { Fence } from './kube/fence.ts';
import type { WorkResult } from './kube/queue.ts';
import * as resources from './kube/resources.ts';
import { keyText } from './kube/store.ts';
import type { Log } from './ops/logger.ts';
import type { Records } from './ops/records.ts';
import type { TurnMetrics } from './ops/turn/metrics.ts';
import type { Caches } from './reconcile/caches.ts';
import { keyOf, turnKey } from './reconcile/keys.ts';
import { createMemory } from './reconcile/memory.ts';
import { notReadable } from './reconcile/turn/refuse.ts';
import { observeTurn, type TurnObserveDeps } from './reconcile/turn/observe.ts';
import { reconcileTurn, type TurnReconcilerDeps } from './reconcile/turn/reconcile.ts';
import { createJournal } from './record/journal.ts';
import type { TurnRecord } from './record/record.ts';
import { askAgain, turnRecording } from './recording.ts';

/** What it is made of. */
export interface TurningDeps {
  readonly config: Config;
  readonly kube: KubeApi;
  readonly caches: Caches;
  readonly log: Log;
  readonly clock: Clock;
  readonly fence: Fence | undefined;
  readonly recorder: EventRecorder;
  readonly metrics: TurnMetrics;
  /** Called with the queue key of a TurnServer when something about its pods changed. */
  readonly onNews: (key: string) => void;
  /** How a coturn is tried. Default: by an allocation over the network. */
  readonly allocate?: Allocate;
}

/** See the file comment. */
export interface Turning extends Pick<Poller, 'start' | 'hurry'> {
  /** Makes the TurnServer with this queue key as it should be. */
  work(key: string): Promise<WorkResult>;
  /** What people are told who ask why. */
  readonly records: Records<TurnRecord>;
  stop(): void;
  close(): Promise<void>;
}

const secretBytes = 32;
const random = (bytes: number): string => randomBytes(bytes).toString('base64url');

/** Requests in flight at most. */
const parallel = 64;
/** From one look for users of an overlapping secret to the next, in polls. */
const pollsPerLook = 3;

/** Does nothing before `start()`. */
export function createTurning(deps: TurningDeps): Turning {
  const { config, kube, caches, log, clock, fence, onNews, recorder, metrics } = deps;
  const { pollTimeoutMs, pollPeriodMs } = config;
  const { allocate = allocateOver(pollTimeoutMs) } = deps;
  const client = createTurnClient({
    ...{ timeoutMs: pollTimeoutMs, keepAliveMs: pollPeriodMs * 3, allocate },
  });
  const poller = createPoller<TurnTarget>({
    ...{ client, clock, log, fence, onNews, parallel, periodMs: pollPeriodMs },
    targets: () => targetsIn(caches),
  });
  const consumers = createConsumerWatch({
    ...{ kube, clock, log, onNews, periodMs: pollPeriodMs * pollsPerLook },
  });
  const memory = createMemory();
  const journal = createJournal();
  const sightOf = (namespace: string): Omit<TurnObserveDeps, 'nowMs' | 'stores'> => ({
    around: caches.storesFor(namespace),
    factsOf: (uid) => poller.factsOf(uid),
    canReadNodes: () => caches.canReadNodes(),
    ourPods: () => [...caches.sfuPods(), ...caches.turn.pods()],
  });
  const spares = new Map<string, string>();
  /** The same until it is in use: a secret that could not be written must not look like another one at each look. */
  const spareOf = (key: string, used: readonly string[]): string => {
    const known = spares.get(key);
    if (known !== undefined && !used.includes(known)) return known;
    const spare = random(secretBytes);
    spares.set(key, spare);
    return spare;
  };
  return {
    async start() {
      consumers.start();
      await poller.start();
    },
    hurry: () => poller.hurry(),
    records: turnRecording({
      ...{ config, memory, journal },
      keys: () =>
        caches.turn.servers().map(({ metadata: { namespace = '', name } }) => ({ namespace, name })),
      look(key) {
        const namespace = key.namespace ?? '';
        const stores = caches.notSynced() === undefined ? caches.turn.storesFor(namespace) : undefined;
        return stores && observeTurn(key, { ...sightOf(namespace), stores, nowMs: clock.wallMs() });
      },
      consumersOf: (key) => consumers.known(turnKey(key)),
      unseen: ({ namespace = '' }) => unlisted(namespace, caches),
    }),
    work(text) {
      const key = keyOf(text);
      return reconcileTurn(key, {
        ...{ kube, memory, log: log.child({ turnServer: keyText(key) }), operatorsImage: config.ownImage },
        stores: caches.turn.storesFor(key.namespace ?? ''),
        ...unseenOf(key, caches),
        ...sightOf(key.namespace ?? ''),
        onWritten: (object) => caches.noteWrite(object),
        consumersOf: (secrets) => consumers.of(text, secrets),
        steer: (uid, isDraining) => poller.steer(uid, isDraining),
        look: (uid) => poller.look(uid),
        record: (about, { type, reason, message }) =>
          recorder.record(about, { type, reason, action: 'Reconcile', note: message }),
        random,
        spareSecret: (used) => spareOf(text, used),
        wallMs: () => clock.wallMs(),
        report: (report) => metrics.report(report),
        refuse: (report) => metrics.refuse(report),
        note: (noted) => journal.note(noted),
        forget() {
          consumers.of(text, []);
          spares.delete(text);
          metrics.forget(keyText(key));
          memory.forget(keyText(key));
          journal.forget(keyText(key));
        },
      });
    },
    stop() {
      poller.stop();
      consumers.stop();
    },
    close: () => client.close(),
  };
}

/** A TurnServer whose own kind can be seen, and another that it needs cannot. */
function unseenOf(key: ObjectKey, { turn }: Caches): Partial<Pick<TurnReconcilerDeps, 'unseen'>> {
  const lack = turn.lackIn(key.namespace ?? '');
  const object = turn.servers().find((server) => keyText(server.metadata) === keyText(key));
  return lack && object ? { unseen: { object, lack } } : {};
}

/** Why TurnServers of a namespace cannot be told of; undefined: they can. */
function unlisted(namespace: string, caches: Caches): string | undefined {
  const { turn } = caches;
  const missing = caches.notSynced();
  if (missing !== undefined && caches.watches(namespace)) return `${missing}. ${askAgain}`;
  const availability = turn.readerFor(namespace)?.availability() ?? 'Served';
  if (availability === 'Served') return undefined;
  if (availability !== 'Unknown')
    return notReadable({ resource: resources.turnservers, availability }).message;
  const lack = turn.lackIn(namespace);
  return lack ? notReadable(lack).message : `it, or what belongs to it, is not listed yet. ${askAgain}`;
}

/** Given back at once. */
function allocateOver(timeoutMs: number): Allocate {
  return ({ host, port, transport, secret }) =>
    tryAllocation({ server: { host, port, transport }, secret, timeoutMs });
}

type RawSpec = Parameters<typeof realmOf>[0]['spec'];

/** By what stands in the specs, whether or not the rest of them can be read. */
function targetsIn(caches: Caches): TurnTarget[] {
  const servers = new Map(caches.turn.servers().map((server) => [server.metadata.uid, server]));
  return caches.turn.pods().flatMap((pod) => {
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
    const server = servers.get(owner?.uid);
    return (server && turnTargetOf(pod, contextOf(server, caches))) ?? [];
  });
}

function contextOf(server: KubeObject, caches: Caches): Parameters<typeof turnTargetOf>[1] {
  const { name, namespace = '' } = server.metadata;
  const {
    realm,
    network = {},
    auth = {},
    tls = {},
    publish = {},
  } = (server['spec'] ?? {}) as Partial<RawSpec>;
  const named = { metadata: { name, namespace }, spec: { realm, network, auth, tls, publish } };
  return {
    key: turnKey(server.metadata),
    realm: realmOf(named),
    agentSecret: turnNames.agentSecret(named),
    authSecret: turnNames.authSecret(named),
    secretNamed: (...of) => caches.turn.secretNamed(...of),
  };
}
