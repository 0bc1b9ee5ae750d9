/** Pure: probe calls are placed, and at times ports are closed, on one node or on all of them. */
import type { Random } from '../random.ts';
import type { Event, Scenario } from '../scenario.ts';
import { momentIn, withEvents, type Kind } from './kind.ts';

/** See the file comment. */
export const probes: Kind = (scenario, random) => {
  const verify = random.pick(['Off', 'Advisory', 'Gate', 'Gate'] as const);
  const events = Array.from({ length: random.int(1, 4) }, () => closingOf(scenario, random));
  const spec = { ...scenario.spec, network: { address: { verify } } };
  return withEvents({ ...scenario, spec, placesProbes: true }, events);
};

function closingOf(scenario: Scenario, random: Random): Event {
  const way = random.pick(['media', 'media', 'reach'] as const);
  const atMs = random.chance(0.2) ? 0 : momentIn(scenario, random);
  const forMs = Math.min(random.int(30, 600) * 1_000, scenario.calmAtMs - 1 - atMs);
  return {
    ...{ kind: 'closeWay', way, atMs, forMs },
    ...(random.chance(0.75) && { node: random.int(1, scenario.nodes) }),
  };
}
