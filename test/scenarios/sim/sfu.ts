/** A fake SFU: sessions by call, a drain flag, and what it answers about itself. */
import type { Answer } from '../../../operator/facts/answer.ts';

/** Sessions that are a whole load. */
export const capacitySessions = 100;

/** From this load on it takes no new calls. */
const fullShare = 0.8;
/** How a new call is kept away from an SFU that drains or is full (`GET /system`). */
const unwanted = 1e9;

/** One process of the SFU on one node. */
export class FakeSfu {
  readonly podUid: string;
  readonly version: string;
  readonly #calls = new Map<string, number>();
  isDraining = false;
  /** Told by SIGTERM: not ready any more, and over when the last session has ended. */
  isEnding = false;
  /** The operator cannot reach it, clients can. */
  isSilent = false;

  constructor(podUid: string, version: string) {
    this.podUid = podUid;
    this.version = version;
  }

  get sessions(): number {
    return [...this.#calls.values()].reduce((sum, sessions) => sum + sessions, 0);
  }

  /** Ids of the calls that are on it. */
  get calls(): readonly string[] {
    return [...this.#calls.keys()];
  }

  /** In proportion to the sessions, also beyond 1: what a session costs is the same at all times. */
  get load(): number {
    return this.sessions / capacitySessions;
  }

  /** `GET /system`, without the noise. */
  get cpuLoad(): number {
    return this.isDraining || this.load >= fullShare ? unwanted : 1 / Math.max(0.01, 1 - this.load);
  }

  /** Sets how many are in a call; 0 ends it. */
  setCall(id: string, sessions: number): void {
    if (sessions > 0) this.#calls.set(id, sessions);
    else this.#calls.delete(id);
  }

  /** `GET /version` and `GET /stats`. */
  answer(): Answer {
    const { version, sessions, load, isDraining } = this;
    return { answered: true, version, sessions, load, isDraining };
  }
}
