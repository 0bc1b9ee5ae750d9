import { expect, test } from '@jest/globals';

import { workerTunables } from '../../../sfu/media/tunables.ts';

test('the worker’s heap asks for huge pages, beside what else glibc is told', () => {
  expect(workerTunables(undefined)).toBe('glibc.malloc.hugetlb=1');
  expect(workerTunables('glibc.malloc.arena_max=2')).toBe('glibc.malloc.arena_max=2:glibc.malloc.hugetlb=1');
});

test('whoever decides about huge pages in the environment is heard', () => {
  expect(workerTunables('glibc.malloc.hugetlb=0')).toBe('glibc.malloc.hugetlb=0');
});
