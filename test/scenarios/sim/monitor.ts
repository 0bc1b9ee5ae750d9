/** Watches one world: builds the scenes, checks every invariant at every write, and remembers what was violated. */
import { rtcClusterSchema, type RtcCluster } from '../../../operator/api/rtccluster.ts';
import { annotations } from '../../../operator/desired/names.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { nodeView } from '../../../operator/reconcile/nodeView.ts';
import { readyEndpoints } from './dns.ts';
import { credentialsStay, invariants, isAlone, leaked } from './invariants.ts';
import { AnnotationTimes } from './kinds/annotationTimes.ts';
import type { Write } from './connection.ts';
import { isLearning } from './learning.ts';
import type { MachineServer } from './machine.ts';
import type { Machines } from './machines.ts';
import type { ProbeLog } from './probes.ts';
import { secretsIn } from './secretTexts.ts';
import type { PodTruth, Scene } from './scene.ts';
import type { Step } from './step.ts';
import type { Timeline } from './time.ts';
import { type Drop, type Observer } from './world.ts';

/** What did not hold, and when. */
export interface Violation {
  readonly atMs: number;
  readonly invariant: string;
  readonly message: string;
}

/** More than this share of a pod is never planned with: beyond it an SFU refuses new calls. */
const usableShare = 0.8;
/** How far back a poll may lie that a decision rests on. */
const demandWindowMs = 20_000;

/** The world at one end of a write, and the Secret that it is about. */
interface Moment {
  readonly scene: Scene;
  readonly secret: KubeObject | undefined;
}

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
export class Monitor implements Observer {
  readonly violations: Violation[] = [];
  /** Writes that were checked. */
  steps = 0;
  /** Told of each write after it was checked, such as `patch pods mattermost/calls-sfu-1`. */
  onStep: (text: string) => void = () => undefined;
  /** Writes of operators by what they were: `delete pods`. */
  readonly writes: { readonly atMs: number; readonly text: string }[] = [];
  /** See `Scene.seenWithinMs`. */
  seenWithinMs = 300_000;
  readonly #requests = new AnnotationTimes(annotations.requestedState);
  readonly #pauses = new AnnotationTimes(annotations.paused);
  readonly #drains = new Map<string, Map<string, number>>();
  /** Uids of pods that an operator deleted. */
  readonly #deleted = new Set<string>();
  /** Of these, those that were deleted when nobody else could take new calls. */
  readonly #alone = new Set<string>();
  /** When pods began to have sessions, by uid. */
  readonly #busy = new Map<string, number>();
  readonly #demand: { readonly atMs: number; readonly load: number }[] = [];
  #world: Watched | undefined;
  #secrets: readonly string[] = [];
  #parsed: { readonly spec: unknown; readonly cluster: RtcCluster } | undefined;
  #before: Moment | undefined;

  watch(world: Watched): void {
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

  onWrite(write: Write, phase: 'before' | 'after'): void {
    if (write.resource.kind === 'Event') this.#checkEvent(write);
    if (['Lease', 'Event'].includes(write.resource.kind)) return;
    const secret = write.resource.kind === 'Secret' ? this.#secretOf(write) : undefined;
    const now = { scene: this.scene(), secret };
    if (phase === 'before') this.#before = now;
    else this.#check(write, this.#before ?? now, now);
  }

  #checkEvent({ body, key }: Write): void {
    if (leaked(JSON.stringify(body), { secrets: this.#secrets }))
      this.#violated('I11 secrets stay secret', `a secret is in event ${key}`);
  }

  #check(write: Write, before: Moment, after: Moment): void {
    const step = { write, before: before.scene, after: after.scene };
    this.steps += 1;
    this.#note(step);
    for (const [name, check] of Object.entries(invariants)) {
      const message = check(step);
      if (message !== undefined) this.#violated(name, message);
    }
    const changed = credentialsStay(before.secret, after.secret);
    if (changed !== undefined) this.#violated('I12 credentials stay', changed);
    this.onStep(this.writes.at(-1)?.text ?? '');
  }

  onLog(line: string): void {
    if (leaked(line, { secrets: this.#secrets }))
      this.#violated('I11 secrets stay secret', 'a secret is in the log');
  }

  /** A call ended with its SFU: nobody's deadline but the stated one may be the reason. */
  onDrop(drop: Drop): void {
    this.noteDemand();
    if (this.blameOf(drop) === 'us')
      this.#violated(
        'I1 no call is dropped',
        `${drop.calls.length} calls ended with ${drop.end.pod}, which we deleted`,
      );
  }

  /** Whose doing the end of a call was. */
  blameOf({ end: { how, sfu } }: Pick<Drop, 'end'>): 'us' | 'deadline' | 'others' {
    if (how !== 'Killed' || !this.#deleted.has(sfu.podUid)) return 'others';
    return this.#forced.has(sfu.podUid) ? 'deadline' : 'us';
  }

  /** A call began on this SFU: it must not be one that we have already ended, where there is another. */
  onCall(podUid: string): void {
    if (this.#deleted.has(podUid) && !this.#forced.has(podUid) && !this.#alone.has(podUid))
      this.#violated('I1 no call is dropped', `a new call was sent to a pod that we had deleted`);
  }

  /** The load changed. */
  noteDemand(): void {
    const world = this.#known();
    const load = world.machines.running.reduce((sum, sfu) => sum + Math.min(sfu.load, usableShare), 0);
    this.#demand.push({ atMs: world.time.nowMs, load });
    for (const { podUid, sessions } of world.machines.running)
      if (sessions === 0) this.#busy.delete(podUid);
      else if (!this.#busy.has(podUid)) this.#busy.set(podUid, world.server.nowMs);
  }

  report(invariant: string, message: string): void {
    this.#violated(invariant, message);
  }

  readonly #forced = new Set<string>();

  #note({ write, ...scenes }: Step): void {
    const { verb, resource, subresource, key, body } = write;
    const atMs = this.#known().time.nowMs;
    const what = subresource === undefined ? '' : isLearning(scenes) ? '/figures' : '/status';
    this.writes.push({ atMs, text: `${verb} ${resource.plural}${what} ${key}` });
    if (verb !== 'delete' || resource.kind !== 'Pod') return;
    const { uid = '', gracePeriodSeconds } = body as {
      readonly uid?: string;
      readonly gracePeriodSeconds?: number;
    };
    this.#deleted.add(uid);
    if (isAlone(scenes.before)) this.#alone.add(uid);
    if (gracePeriodSeconds !== undefined) this.#forced.add(uid);
  }

  #noteDrain({ metadata: { uid = '', annotations: marks } }: KubeObject): void {
    const reason = marks?.[annotations.drain];
    const known = this.#drains.get(uid) ?? new Map<string, number>();
    if (reason === undefined) known.clear();
    else if (!known.has(reason)) known.set(reason, this.#known().server.nowMs);
    this.#drains.set(uid, known);
  }

  #secretOf({ key }: Write): KubeObject | undefined {
    const [namespace = '', name = ''] = key.split('/');
    return this.#known().server.find(resources.secrets, { namespace, name });
  }

  /** What is true right now. */
  scene(): Scene {
    const { server, machines, cluster, namespace } = this.#known();
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
    return {
      cluster: cluster && this.#parse(cluster),
      pods: new Map(pods),
      openNodes: server
        .list(resources.nodes)
        .map(nodeView)
        .filter(({ isCordoned, isReady }) => isReady && !isCordoned).length,
      demand: this.#leastDemand(),
      secrets: this.#secrets,
      nowMs: server.nowMs,
      seenWithinMs: this.seenWithinMs,
      ...this.#operation(),
    };
  }

  /** What is known of a pod beside its object and its SFU. */
  #knownOf(uid: string): Pick<PodTruth, 'requestedSinceMs' | 'probe'> {
    const requestedSinceMs = this.#requests.sinceMs(uid);
    const probe = this.#known().probes?.lastOf(uid);
    return { ...(requestedSinceMs !== undefined && { requestedSinceMs }), ...(probe && { probe }) };
  }

  /** Who acts, and whether anybody may. */
  #operation(): Pick<Scene, 'leader' | 'pausedSinceMs' | 'placesProbes'> {
    const world = this.#known();
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
    const fromMs = this.#known().time.nowMs - demandWindowMs;
    const index = this.#demand.findLastIndex(({ atMs }) => atMs < fromMs);
    return Math.min(...this.#demand.slice(Math.max(0, index)).map(({ load }) => load), Number.MAX_VALUE);
  }

  #violated(invariant: string, message: string): void {
    this.violations.push({ atMs: this.#known().time.nowMs, invariant, message });
  }

  #known(): Watched {
    if (this.#world === undefined) throw new TypeError('watch a world first');
    return this.#world;
  }
}

/** A cluster without its defaults. */
interface AsStored {
  readonly spec: unknown;
  readonly metadata: RtcCluster['metadata'];
  readonly status?: RtcCluster['status'];
}
