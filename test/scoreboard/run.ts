/** Plays traces through policies in virtual time. PURE but for the fleet that it makes. */
import { Fleet, type Tally } from './fleet.ts';
import type { Policy } from './policies.ts';
import type { Trace } from './traces.ts';

/** How a policy did on a trace. */
export interface Outcome extends Tally {
  readonly policy: string;
  /** Changes of direction of the wanted number within a quarter of an hour. */
  readonly reversals: number;
  /** The wanted number and the people, every five minutes. */
  readonly wanted: readonly number[];
  readonly people: readonly number[];
}

const stepMs = 10_000;
const sampleMs = 300_000;
/** A turn that comes later than this follows the day, not the noise. */
const turnMs = 900_000;

/** One policy on one trace, from three pods on. */
export function play(trace: Trace, policy: Policy): Outcome {
  const fleet = new Fleet(3);
  const turns = turnCounter();
  const wanted: number[] = [];
  const people: number[] = [];
  let next = 0;
  for (let atMs = stepMs; atMs <= trace.lengthMs; atMs += stepMs) {
    const from = next;
    while ((trace.calls[next]?.startMs ?? Number.POSITIVE_INFINITY) <= atMs) next += 1;
    fleet.step(atMs, trace.calls.slice(from, next));
    const desired = policy.tick(fleet);
    turns.note(desired, atMs);
    if (atMs % sampleMs !== 0) continue;
    wanted.push(desired);
    people.push(fleet.pods.reduce((sum, pod) => sum + fleet.sessions(pod), 0));
  }
  return { policy: policy.name, ...fleet.tally, reversals: turns.count(), wanted, people };
}

interface TurnCounter {
  note(pods: number, atMs: number): void;
  count(): number;
}

function turnCounter(): TurnCounter {
  const changes: { readonly sign: number; readonly atMs: number }[] = [];
  let pods: number | undefined;
  return {
    note(now, atMs) {
      const sign = Math.sign(now - (pods ?? now));
      pods = now;
      if (sign !== 0) changes.push({ sign, atMs });
    },
    count: () =>
      changes.filter(({ sign, atMs }, index) => {
        const before = changes[index - 1];
        return before !== undefined && before.sign === -sign && atMs - before.atMs <= turnMs;
      }).length,
  };
}
