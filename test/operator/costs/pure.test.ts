import { expect, test } from '@jest/globals';
import { costBars } from './bars.ts';
import { costsPage } from './page.ts';
import { slopeOf } from './slope.ts';

const marks =
  'before\n<!-- costs: drawn by `npm run generate` from docs/evidence -->\n<!-- /costs -->\nafter';
const evidence = { command: 'npm run it', commit: 'abc', date: '2026-12-01T00:00:00Z', machine: '2 cores' };

test('a figure stands beside its bar, with whether it is held', () => {
  const all = new Map([
    ['no-op-reconcile', { ...evidence, values: { requests: 0 } }],
    ['operator-costs-thousand', { ...evidence, values: { rssMiB: 200, machineLoad: 3.5 } }],
    ['operator-costs', { ...evidence, values: { idleRequestsPerMinute: { 'watch pods': 0.2 } } }],
  ]);
  const page = costsPage(marks, all);
  expect(page).toMatch(/^before\n[\s\S]*\nafter$/);
  expect(page).toMatch(/O1 \|.*\| 0 \| 0 \| 0 \| aim reached \|/);
  expect(page).toMatch(/O4 \|.*\| 300 MiB \| 180 MiB \| 200 MiB \| must reached \|/);
  expect(page).toContain('| watch pods | 0.2 |');
  expect(page).toContain('`npm run it` at abc, 2026-12-01, on 2 cores, under a load of 3.5');
});

test('what was not measured says so, and drawing twice changes nothing', () => {
  const page = costsPage(marks, new Map());
  expect(page.match(/not measured/g)).toHaveLength(costBars.length);
  expect(costsPage(page, new Map())).toBe(page);
});

test('a page without marks is refused', () => {
  expect(() => costsPage('nothing', new Map())).toThrow('lacks the marks');
});

test('the slope is that of the nearest straight line', () => {
  const points = [0, 1, 2, 3].map((x) => ({ x, y: 5 + 2 * x + (x % 2 === 0 ? 0.1 : -0.1) }));
  expect(slopeOf(points)).toBeCloseTo(2, 0);
  expect(slopeOf([{ x: 1, y: 1 }])).toBeNaN();
});
