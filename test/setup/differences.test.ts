import { expect, test } from '@jest/globals';

import { differences } from './differences.ts';

const before = new Map([
  ['crds/a.yaml', '1'],
  ['crds/b.yaml', '2'],
]);

test('nothing changed: no differences', () => {
  expect(differences(before, new Map(before))).toEqual([]);
});

test('every kind of change is named, by file', () => {
  const after = new Map([
    ['crds/b.yaml', '3'],
    ['charts/c.yaml', '4'],
  ]);
  expect(differences(before, after)).toEqual([
    { file: 'charts/c.yaml', how: 'added' },
    { file: 'crds/a.yaml', how: 'removed' },
    { file: 'crds/b.yaml', how: 'changed' },
  ]);
});
