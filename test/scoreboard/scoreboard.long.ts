import { expect, test } from '@jest/globals';
import { asItComes, playRound } from './board.ts';
import type { Outcome } from './run.ts';
import { traces } from './traces.ts';

const outcomesOf = (name: string): ReadonlyMap<string, Outcome> => {
  const [trace] = traces([name]);
  return new Map(playRound(trace!).outcomes.map((outcome) => [outcome.policy, outcome]));
};

test('at a constant load the number of pods does not change direction, and nobody is cut off', () => {
  const outcome = outcomesOf('steady').get(asItComes);
  expect(outcome).toMatchObject({ reversals: 0, droppedCalls: 0, overloadedMinutes: 0, callsWithoutRoom: 0 });
});

test.each(['flash-crowd', 'noise'])(
  'in a %s no HPA has fewer overloaded minutes for as many pod-hours',
  (name) => {
    const outcomes = outcomesOf(name);
    const ours = outcomes.get(asItComes)!;
    const hpas = [...outcomes.values()].filter(({ policy }) => policy.startsWith('HPA'));
    expect(hpas).toHaveLength(2);
    for (const hpa of hpas) {
      expect(ours.overloadedMinutes).toBeLessThanOrEqual(hpa.overloadedMinutes);
      expect(ours.callsWithoutRoom).toBeLessThanOrEqual(hpa.callsWithoutRoom);
      expect(ours.reversals).toBeLessThanOrEqual(hpa.reversals);
      expect(ours.podHours).toBeLessThanOrEqual(hpa.podHours * 1.1);
    }
    expect(ours.droppedCalls).toBe(0);
  },
  60_000,
);
