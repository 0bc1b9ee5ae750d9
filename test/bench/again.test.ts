import { expect, test } from '@jest/globals';

import { withAgain } from './again.ts';
import type { Round } from './measures.ts';
import type { WholeBench } from './page.ts';

const round = (forwarded: number): Round =>
  ({ ours: { forwarded }, rtcd: { forwarded } }) as unknown as Round;
const repeat = (scenario: string, reason: string) => ({ scenario, kind: 'rtcd', reason }) as const;
const kept: WholeBench = {
  played: new Map([
    ['calm', [round(1)]],
    ['saturation', [round(2), round(3)]],
  ]),
  repeats: [repeat('calm', 'lost'), repeat('saturation', 'lost')],
  failed: [],
  ...{ suites: {}, floors: [], profiles: {} },
};
const source = { command: 'make bench', commit: 'c', date: '2026-12-01', machine: 'm' };

test('a scenario that was measured by itself takes the place of what was kept of it, and says where it comes from', () => {
  const few = { played: new Map([['saturation', [round(4)]]]), repeats: [], failed: [] };
  const after = withAgain(kept, few, source);
  expect(after.played).toEqual(new Map([...kept.played, ['saturation', [round(4)]]]));
  expect(after.repeats).toEqual([repeat('calm', 'lost')]);
  expect(after.again).toEqual({ saturation: source });
});

test('one that could not be played leaves what was kept', () => {
  const few = {
    played: new Map([['saturation', []]]),
    ...{ repeats: [], failed: [repeat('saturation', 'none')] },
  };
  const after = withAgain(kept, few, source);
  expect(after.played).toEqual(kept.played);
  expect([after.again, after.repeats]).toEqual([{}, kept.repeats]);
});
