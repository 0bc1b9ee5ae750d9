/** Pure: the number of pods is written by an autoscaler outside, and by people who edit it meanwhile. */
import type { Event, Scenario } from '../scenario.ts';
import { withEvents, type Kind } from './kind.ts';

/** See the file comment. */
export const external: Kind = (scenario, random) => {
  const replicas = random.int(1, scenario.nodes);
  const spec: Scenario['spec'] = {
    ...scenario.spec,
    ...{ replicas, scaling: { mode: 'External' } },
    discovery: { minPublished: random.int(1, replicas) },
  };
  const atMs = random.int(10_000, 120_000);
  const scaled: Event = {
    ...{ kind: 'autoscale', sessionsPerPod: random.pick([20, 40]), maxPods: scenario.nodes + 1 },
    ...{ atMs, forMs: scenario.calmAtMs - atMs },
  };
  return withEvents({ ...scenario, spec, callEveryMs: 10_000 }, [scaled]);
};
