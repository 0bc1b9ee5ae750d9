import { expect, test } from '@jest/globals';
import { statusIn, turnAnswer } from '../../../../operator/facts/turn/status.ts';

const status = { draining: false, secrets: [], peersDigest: '', allocations: null };
const read = (more: object): ReturnType<typeof statusIn> => statusIn(JSON.stringify({ ...status, ...more }));

test('a long problem of an agent is told by its begin, not left out', () => {
  const { problem = '' } = read({ problem: `coturn does not start: ${'x'.repeat(2000)}` });
  expect(problem).toMatch(/^coturn does not start: x{489}…$/);
});

test('an answer without a field that everything hangs on is refused by the name of the field', () => {
  expect(() => read({ draining: 'soon' })).toThrow('/status answered nonsense: draining');
});

test('a coturn that has ended has no allocations, whatever it did not count', () => {
  expect(turnAnswer(read({ ended: true }), {})).toMatchObject({ sessions: 0, isDraining: true });
  expect(turnAnswer(read({}), {})).not.toHaveProperty('sessions');
});
