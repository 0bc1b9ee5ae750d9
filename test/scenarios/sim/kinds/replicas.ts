/** Pure: two replicas that are stopped as planned, and people who pause the cluster for a while. */
import type { Random } from '../random.ts';
import type { Event, Scenario } from '../scenario.ts';
import { momentIn, withEvents, type Kind } from './kind.ts';

/** See the file comment. Nobody leaves a pause behind: what is paused does not converge. */
export const replicas: Kind = (scenario, random) => {
  const operators = random.chance(0.8) ? ['a', 'b'] : scenario.operators;
  const wider = { ...scenario, operators };
  const stops = Array.from({ length: random.int(1, 4) }, () => stopOf(wider, random));
  const pauses = random.chance(0.6) ? pauseOf(wider, random) : [];
  return withEvents(wider, [...stops, ...pauses]);
};

function stopOf(scenario: Scenario, random: Random): Event {
  const downMs = random.pick([0, 1_000, 20_000]);
  return {
    kind: 'stop',
    operator: random.pick(scenario.operators),
    downMs,
    atMs: momentIn(scenario, random),
  };
}

function pauseOf(scenario: Scenario, random: Random): readonly Event[] {
  const atMs = momentIn(scenario, random);
  const value = random.pick(['looking into it', 'true', '', 'false']);
  return [
    { kind: 'pause', value, atMs },
    { kind: 'pause', atMs: atMs + random.int(30, 600) * 1_000 },
  ];
}
