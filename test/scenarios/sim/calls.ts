/** People: calls begin, grow and shrink, end; until they are asked to hold still, or to hang up. */
import type { Callers } from './deeds.ts';
import type { Call, Mattermost } from './mattermost.ts';
import type { Monitor } from './monitor.ts';
import type { Random } from './random.ts';
import type { Timeline } from './time.ts';

/** What they need. */
export interface PeopleDeps {
  readonly world: { readonly mattermost: Mattermost; readonly time: Timeline };
  readonly monitor: Monitor;
  readonly random: Random;
  /** Mean time from one call to the next. */
  readonly callEveryMs: number;
  /** Default: ten minutes. */
  readonly longestCallMs?: number;
}

/** See the file comment. */
export class People implements Callers {
  readonly #deps: PeopleDeps;
  #isStill = false;

  constructor(deps: PeopleDeps) {
    this.#deps = deps;
    this.#nextCall();
  }

  begin(sessions: number): void {
    const { world, monitor, random, longestCallMs = 600_000 } = this.#deps;
    const call = world.mattermost.start(sessions);
    if (call === undefined) return;
    monitor.onCall(call.sfu.podUid);
    monitor.scenes.noteDemand();
    world.time.after(random.between(20_000, longestCallMs), () => this.#resize(call, 0));
    world.time.after(random.between(5_000, 60_000), () => this.#resize(call, random.int(1, 30)));
  }

  /** Nobody comes or goes from now on. */
  holdStill(): void {
    this.#isStill = true;
  }

  /** Every call ends. */
  hangUp(): void {
    const { world, monitor } = this.#deps;
    for (const call of world.mattermost.calls) world.mattermost.resize(call, 0);
    monitor.scenes.noteDemand();
  }

  #resize(call: Call, sessions: number): void {
    const { world, monitor } = this.#deps;
    if (this.#isStill || call.sessions === 0) return;
    world.mattermost.resize(call, sessions);
    monitor.scenes.noteDemand();
  }

  #nextCall(): void {
    const { world, random, callEveryMs } = this.#deps;
    world.time.after(random.between(0.5, 1.5) * callEveryMs, () => {
      if (this.#isStill) return;
      this.begin(random.int(1, 12));
      this.#nextCall();
    });
  }
}
