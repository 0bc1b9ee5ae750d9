/** What a kind of scenarios is: more that happens, laid over the scenario of a seed without changing what the seed means. */
import type { Random } from '../random.ts';
import type { Event, Scenario } from '../scenario.ts';

/** Pure: the scenario with more in it. `random` belongs to the kind alone. */
export type Kind = (scenario: Scenario, random: Random) => Scenario;

/** Time after the begin of a scenario in which a fleet comes up, and before its end in which nothing new is begun. */
const marginMs = 60_000;

/** A moment in a scenario at which something may be begun. */
export function momentIn({ calmAtMs }: Scenario, random: Random): number {
  return random.int(marginMs, calmAtMs - marginMs);
}

/** The scenario with these events too, in order of time; who would come late comes at the last moment. */
export function withEvents(scenario: Scenario, events: readonly Event[]): Scenario {
  const inTime = events.map((event) => ({ ...event, atMs: Math.min(event.atMs, scenario.calmAtMs - 1) }));
  const all = [...scenario.events, ...inTime];
  return { ...scenario, events: all.toSorted((a, b) => a.atMs - b.atMs) };
}
