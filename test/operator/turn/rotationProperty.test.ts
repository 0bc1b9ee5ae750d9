import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Deed } from './rotationDeeds.ts';
import { RotationWorld } from './rotationWorld.ts';

const index = fc.nat({ max: 7 });
const behind = fc.oneof(fc.constant(0), fc.nat({ max: 100 }));
const onPod = (name: 'refreshMount' | 'tryNext' | 'replacePod' | 'publish'): fc.Arbitrary<Deed> =>
  fc.record({ do: fc.constant(name), pod: index });

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    arbitrary: fc.record({ do: fc.constant('reconcile' as const), stopAfter: fc.nat({ max: 3 }), behind }),
    weight: 6,
  },
  { arbitrary: onPod('refreshMount'), weight: 3 },
  { arbitrary: onPod('tryNext'), weight: 3 },
  onPod('publish'),
  onPod('replacePod'),
  {
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      seconds: fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 500 })),
    }),
    weight: 3,
  },
  { arbitrary: fc.record({ do: fc.constant('restart' as const), consumer: index, behind }), weight: 2 },
  { arbitrary: fc.record({ do: fc.constant('issue' as const), consumer: index }), weight: 2 },
  fc.constant({ do: 'forget' } as const),
  { arbitrary: fc.constant({ do: 'request' } as const), weight: 2 },
  fc.constant({ do: 'acknowledge' } as const),
);

const world = fc.record({ pods: fc.integer({ min: 1, max: 3 }), outside: fc.boolean() });

test('in no order of crashes and delays is anybody refused, and in the end each rotation is over', () => {
  const stages = new Set<string>();
  fc.assert(
    fc.property(world, fc.array(deed, { minLength: 100, maxLength: 200, size: 'max' }), (shape, deeds) => {
      const played = new RotationWorld(shape);
      expect(played.served).toBe(shape.pods);
      // One assertion for all: thousands of them would take most of the time.
      const problems = deeds.flatMap((one) => {
        played.happen(one);
        return played.problem() ?? [];
      });
      expect(problems).toEqual([]);
      for (const stage of played.stages) stages.add(stage);
      expect(played.calm()).toBeLessThan(100);
      expect(played.problem()).toBeUndefined();
    }),
    { numRuns: 300 },
  );
  expect([...stages].toSorted()).toEqual(['Distributing', 'Overlapping', 'Stable', 'Switching']);
});
