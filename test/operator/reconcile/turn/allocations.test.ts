import { expect, test } from '@jest/globals';
import type { TurnServerStatus } from '../../../../operator/api/turnserver.ts';
import type { Facts } from '../../../../operator/fleet/pod.ts';
import { running, type TurnSituation } from '../../fields/turn/situation.ts';
import { createTurnWorld } from '../../fields/turn/world.ts';

const withoutExporter = (facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([key]) => key !== 'sessions')) as unknown as Facts;

/** Of two pods with 3 allocations each, of which the last `uncounted` have no exporter. */
async function allocationsWith(uncounted: number): Promise<TurnServerStatus['allocations']> {
  const busy = running({ allocations: 3 }, { allocations: 3 });
  const pods: NonNullable<TurnSituation['pods']> = (server) =>
    (busy.pods?.(server) ?? []).map(({ object, facts }, nth) => ({
      object,
      facts: nth < 2 - uncounted ? facts : withoutExporter(facts),
    }));
  const world = createTurnWorld({ placement: { replicas: 2 } }, { ...busy, pods });
  const { objects } = (await world.settle()) as { readonly objects: readonly string[] };
  const server = objects.map((text) => JSON.parse(text) as { kind: string; status?: TurnServerStatus });
  return server.find(({ kind }) => kind === 'TurnServer')?.status?.allocations;
}

test.each([
  ['the sum of what all pods told', 0, { current: 6, unknownPods: 0 }],
  ['the sum of what the others told, beside a pod without an exporter', 1, { current: 3, unknownPods: 1 }],
])('the allocations of a TurnServer are %s', async (_, uncounted, expected) => {
  expect(await allocationsWith(uncounted)).toMatchObject(expected);
});

test('are unknown, and not 0, where no pod has an exporter', async () => {
  const allocations = await allocationsWith(2);
  expect(allocations).toMatchObject({ unknownPods: 2 });
  expect(allocations).not.toHaveProperty('current');
});
