/** Builds the scenes of one world: what is true right now, and since when, which nobody can see in the objects alone. */
import { rtcClusterSchema, type RtcCluster } from '../../../operator/api/rtccluster.ts';
import { annotations } from '../../../operator/desired/names.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { nodeView } from '../../../operator/reconcile/nodeView.ts';
import { readyEndpoints } from './dns.ts';
import { AnnotationTimes } from './kinds/annotationTimes.ts';
import { isWithin, type Span } from './kinds/clockTimes.ts';
import { floorAt, type Plan } from './kinds/plan.ts';
import type { MachineServer } from './machine.ts';
import type { Machines } from './machines.ts';
import type { ProbeLog } from './probes.ts';
import type { PodTruth, Scene } from './scene.ts';
import { secretsIn } from './secretTexts.ts';
import { Spares } from './spares.ts';
import type { Timeline } from './time.ts';

/** More than this share of a pod is never planned with: beyond it an SFU refuses new calls. */
const usableShare = 0.8;
/** How far back a poll may lie that a decision rests on. */
const demandWindowMs = 20_000;

/** What it looks at: objects as the API server has them, and the SFUs behind the pods. */
export interface Watched {
  readonly server: Pick<MachineServer, 'nowMs' | 'list' | 'find' | 'subscribe'>;
  readonly machines: Pick<Machines, 'running' | 'sfuOf'>;
  readonly time: Pick<Timeline, 'nowMs'>;
  /** Where the one RTCCluster of the scenario is. */
  readonly namespace: string;
  readonly cluster: KubeObject | undefined;
  /** Identity in the Lease of the operators, empty when nobody holds it. Absent: nobody looks at it. */
  leader?(): string;
  /** How probe calls have ended. Absent: nobody places any. */
  readonly probes?: Pick<ProbeLog, 'lastOf'> | undefined;
}

/** See the file comment. */
export class Scenes {
  /** See `Scene.seenWithinMs`. */
  seenWithinMs = 300_000;
  /** See `Scene.slowestWriteMs`. */
  slowestWriteMs = 30_000;
  /** When pods may be replaced, in milliseconds since the epoch. Absent: always. */
  hours: readonly Span[] | undefined;
  /** What is planned for the number of pods, likewise. */
  plans: readonly Plan[] = [];
  readonly #world: Watched;
  readonly #requests = new AnnotationTimes(annotations.requestedState);
  readonly #pauses = new AnnotationTimes(annotations.paused);
  readonly #spares = new Spares();
  readonly #drains = new Map<string, Map<string, number>>();
  /** When pods began to have sessions, by uid. */
  readonly #busy = new Map<string, number>();
  readonly #demand: { readonly atMs: number; readonly load: number }[] = [];
  #secrets: readonly string[] = [];
  #parsed: { readonly spec: unknown; readonly cluster: RtcCluster } | undefined;

  constructor(world: Watched) {
    this.#world = world;
    world.server.subscribe(({ resource, object }) => {
      if (resource.kind === 'Pod') {
        this.#noteDrain(object);
        this.#requests.note(object, world.server.nowMs);
      }
      if (resource.kind === 'RTCCluster') this.#pauses.note(object, world.server.nowMs);
      if (resource.kind === 'Secret') this.#secrets = secretsIn(world.server);
    });
  }

  /** Texts that must stay secret. */
  get secrets(): readonly string[] {
    return this.#secrets;
  }

  /** The load changed. */
  noteDemand(): void {
    const world = this.#world;
    const load = world.machines.running.reduce((sum, sfu) => sum + Math.min(sfu.load, usableShare), 0);
    this.#demand.push({ atMs: world.time.nowMs, load });
    for (const { podUid, sessions } of world.machines.running)
      if (sessions === 0) this.#busy.delete(podUid);
      else if (!this.#busy.has(podUid)) this.#busy.set(podUid, world.server.nowMs);
  }

  /** What is true right now. */
  now(): Scene {
    const { server, machines, cluster, namespace } = this.#world;
    const inDns = new Set(readyEndpoints(server, namespace).map(({ metadata }) => metadata.uid));
    const pods = server.list(resources.pods).map((object): readonly [string, PodTruth] => {
      const { uid = '' } = object.metadata;
      const sfu = machines.sfuOf(uid);
      const sessions = sfu === undefined || sfu.isSilent ? undefined : sfu.sessions;
      const drainedSinceMs = this.#drains.get(uid) ?? new Map<string, number>();
      const [busySinceMs, version] = [this.#busy.get(uid), sfu?.version];
      const truth = { object, sessions, busySinceMs, version, isInDns: inDns.has(uid) };
      return [uid, { ...truth, drainedSinceMs, ...this.#knownOf(uid) }];
    });
    const moment = {
      ...{ cluster: cluster && this.#parse(cluster), pods: new Map(pods) },
      ...{ nowMs: server.nowMs, seenWithinMs: this.seenWithinMs, slowestWriteMs: this.slowestWriteMs },
    };
    return {
      ...moment,
      spares: this.#spares.countIn(moment),
      openNodes: server
        .list(resources.nodes)
        .map(nodeView)
        .filter(({ isCordoned, isReady }) => isReady && !isCordoned).length,
      demand: this.#leastDemand(),
      secrets: this.#secrets,
      mayReplace: this.hours === undefined || isWithin(this.hours, server.nowMs, this.seenWithinMs),
      inhibits: this.#inhibits(),
      ...this.#operation(),
    };
  }

  /** What was decided right before may be written by now. */
  #inhibits(): boolean {
    const { nowMs } = this.#world.server;
    const times = [nowMs - this.seenWithinMs, nowMs];
    return times.every((ms) => floorAt(this.plans, ms, Infinity).inhibits);
  }

  /** What is known of a pod beside its object and its SFU. */
  #knownOf(uid: string): Pick<PodTruth, 'requestedSinceMs' | 'probe' | 'reach'> {
    const requestedSinceMs = this.#requests.sinceMs(uid);
    const { probes } = this.#world;
    const [probe, reach] = [probes?.lastOf(uid, 'itself'), probes?.lastOf(uid, 'another')];
    return {
      ...(requestedSinceMs !== undefined && { requestedSinceMs }),
      ...(probe && { probe }),
      ...(reach && { reach }),
    };
  }

  /** Who acts, and whether anybody may. */
  #operation(): Pick<Scene, 'leader' | 'pausedSinceMs' | 'placesProbes'> {
    const world = this.#world;
    const pausedSinceMs = this.#pauses.sinceMs(world.cluster?.metadata.uid ?? '');
    const leader = world.leader?.();
    return {
      ...(world.probes && { placesProbes: true }),
      ...(leader !== undefined && { leader }),
      ...(pausedSinceMs !== undefined && { pausedSinceMs }),
    };
  }

  /** Its spec changes seldom; its status is as an operator wrote it. */
  #parse(object: KubeObject): RtcCluster {
    const { spec, metadata, status = {} } = object as unknown as AsStored;
    const known = this.#parsed;
    const cluster =
      known !== undefined && known.spec === spec ? known.cluster : rtcClusterSchema.parse(object);
    this.#parsed = { spec, cluster };
    return { ...cluster, metadata: { ...cluster.metadata, ...metadata }, status };
  }

  #leastDemand(): number {
    const fromMs = this.#world.time.nowMs - demandWindowMs;
    const index = this.#demand.findLastIndex(({ atMs }) => atMs < fromMs);
    return Math.min(...this.#demand.slice(Math.max(0, index)).map(({ load }) => load), Number.MAX_VALUE);
  }

  #noteDrain({ metadata: { uid = '', annotations: marks } }: KubeObject): void {
    const reason = marks?.[annotations.drain];
    const known = this.#drains.get(uid) ?? new Map<string, number>();
    if (reason === undefined) known.clear();
    else if ([...known.keys()].at(-1) !== reason) {
      // A reason that comes back after another is given its whole time again; the last one stands last.
      known.delete(reason);
      known.set(reason, this.#world.server.nowMs);
    }
    this.#drains.set(uid, known);
  }
}

/** A cluster without its defaults. */
interface AsStored {
  readonly spec: unknown;
  readonly metadata: RtcCluster['metadata'];
  readonly status?: RtcCluster['status'];
}
