import { expect, test } from '@jest/globals';

import { countsOf, inOrder, renderPage, type Result, type RunRecord } from './results.ts';
import { groups } from './scenarios/index.ts';

const quirk = { rtcd: 'answers 200', ours: 'answers 401', reason: 'a refusal is no success' };
const results: readonly Result[] = [
  { name: 'a|b', spec: '1', group: 'HTTP' },
  { name: 'c', spec: '2', group: 'HTTP', quirk },
];
const record = (server: 'rtcd' | 'ours', some: readonly Result[]): RunRecord => ({
  server,
  command: `npm run conformance -- --server=${server}`,
  commit: 'abc',
  date: '2026-01-02T03:04:05Z',
  machine: 'one',
  seconds: 1.4,
  results: some,
});

test('the page shows both servers, quirks with their reason, failures with their first line', () => {
  const failed = [results[0]!, { ...results[1]!, failure: 'seen as rtcd\nmore' }];
  const page = renderPage(record('rtcd', results), record('ours', failed));
  expect(page).toContain('| HTTP | a\\|b | 1 | passed | passed |');
  expect(page).toContain('| HTTP | c | 2 | as documented | **failed**: seen as rtcd |');
  expect(page).toContain('| c | 2 | answers 200 | answers 401 | a refusal is no success |');
});

test('the page names what one server did not run', () => {
  const page = renderPage(record('rtcd', [results[0]!]), record('ours', results));
  expect(page).toContain('| HTTP | c | 2 | not run | as documented |');
});

test('counts add up, and results keep the order of the scenarios', () => {
  expect(countsOf([{ ...results[0]!, failure: 'x' }, results[1]!])).toEqual({ passed: 1, failed: 1 });
  expect(inOrder([results[1]!, results[0]!], ['a|b', 'c'])).toEqual(results);
});

test('no two scenarios have the same name, and each names a section of the wire spec', () => {
  const all = groups.flatMap(({ scenarios }) => scenarios);
  const names = all.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(all.filter(({ spec }) => !/^(\d+(\.\d+)*|[A-E])$/.test(spec))).toEqual([]);
});
