/** Watches one world: checks every invariant at every write, and remembers what was violated. */
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import type { Write } from './connection.ts';
import { credentialsStay, invariants, leaked } from './invariants.ts';
import { isLearning } from './learning.ts';
import type { Scene } from './scene.ts';
import { Scenes, type Watched } from './scenes.ts';
import type { Step } from './step.ts';
import { isAlone } from './surprise.ts';
import type { Drop, Observer } from './world.ts';

/** What did not hold, and when. */
export interface Violation {
  readonly atMs: number;
  readonly invariant: string;
  readonly message: string;
}

/** The world at one end of a write, and the Secret that it is about. */
interface Moment {
  readonly scene: Scene;
  readonly secret: KubeObject | undefined;
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
  /** Uids of pods that an operator deleted. */
  readonly #deleted = new Set<string>();
  /** Of these, those that were deleted when nobody else could take new calls. */
  readonly #alone = new Set<string>();
  /** Of these, those that were given no time for their calls. */
  readonly #forced = new Set<string>();
  #world: Watched | undefined;
  #scenes: Scenes | undefined;
  #before: Moment | undefined;

  watch(world: Watched): void {
    this.#world = world;
    this.#scenes = new Scenes(world);
  }

  onWrite(write: Write, phase: 'before' | 'after'): void {
    if (write.resource.kind === 'Event') this.#checkEvent(write);
    if (['Lease', 'Event'].includes(write.resource.kind)) return;
    const secret = write.resource.kind === 'Secret' ? this.#secretOf(write) : undefined;
    const now = { scene: this.scenes.now(), secret };
    if (phase === 'before') this.#before = now;
    else this.#check(write, this.#before ?? now, now);
  }

  #checkEvent({ body, key }: Write): void {
    if (leaked(JSON.stringify(body), { secrets: this.scenes.secrets }))
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
    if (leaked(line, { secrets: this.scenes.secrets }))
      this.#violated('I11 secrets stay secret', 'a secret is in the log');
  }

  /** A call ended with its SFU: nobody's deadline but the stated one may be the reason. */
  onDrop(drop: Drop): void {
    this.scenes.noteDemand();
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

  report(invariant: string, message: string): void {
    this.#violated(invariant, message);
  }

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

  #secretOf({ key }: Write): KubeObject | undefined {
    const [namespace = '', name = ''] = key.split('/');
    return this.#known().server.find(resources.secrets, { namespace, name });
  }

  #violated(invariant: string, message: string): void {
    this.violations.push({ atMs: this.#known().time.nowMs, invariant, message });
  }

  /** What is true of the world that it watches. */
  get scenes(): Scenes {
    if (this.#scenes === undefined) throw new TypeError('watch a world first');
    return this.#scenes;
  }

  #known(): Watched {
    if (this.#world === undefined) throw new TypeError('watch a world first');
    return this.#world;
  }
}
