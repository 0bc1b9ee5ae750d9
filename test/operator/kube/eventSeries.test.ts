import { expect, test } from '@jest/globals';
import {
  decideEvent,
  emptyMemory,
  type EventMemory,
  type Happening,
} from '../../../operator/kube/eventSeries.ts';

const happening: Happening = { type: 'Normal', reason: 'Scaled', action: 'Reconcile', note: 'to 2' };

/** Plays happenings at times; what was decided about each. */
function play(times: readonly number[], noteOf: (index: number) => string = () => 'to 2'): string[] {
  let memory: EventMemory = emptyMemory(0);
  return times.map((nowMs, index) => {
    const next = decideEvent(memory, { ...happening, note: noteOf(index) }, { nowMs, name: `e${index}` });
    memory = next.memory;
    const { decision } = next;
    return decision.write === 'nothing'
      ? '-'
      : `${decision.write} ${decision.series.name} ${decision.series.count}`;
  });
}

test('the same thing again is the same Event; its count is written at once, then once a minute', () => {
  expect(play([0, 1000, 2000, 3000, 62_000])).toEqual(['create e0 1', 'count e0 2', '-', '-', 'count e0 5']);
});

test('after six silent minutes it is a new Event', () => {
  expect(play([0, 359_999, 719_999])).toEqual(['create e0 1', 'count e0 2', 'create e2 1']);
});

test('different things about one object are a burst of 25 at most, then one each five minutes', () => {
  const burst = Array.from({ length: 30 }, (_, index) => index);
  const decided = play([...burst, 300_100, 300_200], (index) => `note ${index}`);
  expect(decided.filter((what) => what.startsWith('create'))).toHaveLength(26);
  expect(decided.slice(25)).toEqual(['-', '-', '-', '-', '-', 'create e30 1', '-']);
});
