/** Probe calls of fake SFUs: what a machine lets through decides how they end. Remembers the last word about each. */
import type { ProbeAnswer } from '../../../operator/facts/probeAnswer.ts';
import type { ProbeClient } from '../../../operator/facts/probeClient.ts';
import type { Machine, Way } from './machine.ts';
import type { Random } from './random.ts';
import type { ProbeTruth } from './scene.ts';
import type { FakeSfu } from './sfu.ts';
import type { ProcessClock, SimTime } from './time.ts';

/** Who placed a call: the pod itself, or another. */
export type Caller = 'itself' | 'another';

/** How calls to pods have ended, whoever asked. */
export class ProbeLog {
  readonly #nowMs: () => number;
  readonly #last = { itself: new Map<string, ProbeTruth>(), another: new Map<string, ProbeTruth>() };

  /** @param nowMs the server's wall clock, milliseconds since the epoch */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  note(podUid: string, caller: Caller, hasPassed: boolean): void {
    const before = this.lastOf(podUid, caller);
    this.#last[caller].set(podUid, {
      hasPassed,
      failures: hasPassed ? 0 : (before?.failures ?? 0) + 1,
      hasEverPassed: hasPassed || before?.hasEverPassed === true,
      atMs: this.#nowMs(),
    });
  }

  lastOf(podUid: string, caller: Caller): ProbeTruth | undefined {
    return this.#last[caller].get(podUid);
  }
}

/** Where an SFU is, and what stands in its way. */
export interface Place {
  readonly sfu: FakeSfu;
  readonly machine: Machine;
}

/** What a client needs. */
export interface ProbesDeps {
  readonly time: SimTime;
  readonly clock: ProcessClock;
  readonly random: Random;
  readonly placeAt: (address: string) => Place | undefined;
  readonly log: ProbeLog;
}

/** Shortest and longest call, and how long nobody answers, milliseconds. */
const callMs = [1_500, 4_000] as const;
const timeoutMs = 45_000;

/** As `createProbeClient`. */
export function simProbeClient(deps: ProbesDeps): ProbeClient {
  const { time, clock, random, placeAt, log } = deps;
  const at = (origin: string): Place | undefined => placeAt(new URL(origin).hostname);
  return {
    probe(by, { target }) {
      const caller = at(by.origin);
      const isSilent = caller === undefined || caller.sfu.isSilent;
      return new Promise((resolve) => {
        time.afterSettling(isSilent ? timeoutMs : random.between(...callMs), () => {
          if (clock.isDead) return;
          const called = at(target.origin);
          if (isSilent || called === undefined) resolve(unable);
          else {
            const answer = answerOf(caller, called, random);
            const who = caller.sfu === called.sfu ? 'itself' : 'another';
            log.note(called.sfu.podUid, who, answer.outcome === 'Passed');
            resolve(answer);
          }
        });
      });
    },
    close: () => Promise.resolve(),
  };
}

const unable: ProbeAnswer = { outcome: 'Unable', message: 'nobody answers' };

function answerOf(caller: Place, called: Place, random: Random): ProbeAnswer {
  const ways: readonly Way[] = caller.sfu === called.sfu ? ['media'] : ['media', 'reach'];
  const closed = ways.find((way) => called.machine.closed.has(way));
  if (closed !== undefined)
    return { outcome: 'Failed', message: `${closed} of ${called.machine.address} is closed` };
  return {
    outcome: 'Passed',
    message: '4 paths work',
    joinMs: random.int(40, 400),
    lossPercent: random.int(0, 2),
  };
}
