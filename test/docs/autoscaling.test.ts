import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { limits } from '../../operator/fleet/scale/limit.ts';
import { specLeaves } from '../operator/fields/leaves.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/autoscaling.md'), 'utf8');

test('every field of spec.scaling is explained', () => {
  const fields = specLeaves().filter(({ path }) => path.startsWith('scaling.'));
  const names = fields.map(({ path }) => path.split('.').at(-1) ?? '');
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !new RegExp(`[\`.]${name}[\`:]`).test(page))).toEqual([]);
});

test('every word of status.scaling.limitedBy is explained', () => {
  expect(limits.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
