import { expect, test } from '@jest/globals';
import { deafReason, stuckReason } from '../../../operator/ops/vitals.ts';

const well = { kind: 'Pod', idleMs: 40_000, lastEventAgeMs: 40_000 };

test('an operator that asks and works lives and is ready', () => {
  expect(stuckReason([well], 3000)).toBeUndefined();
  expect(deafReason([well])).toBeUndefined();
});

test('a watch whose loop has ended makes the kubelet restart the operator', () => {
  const stuck = { ...well, kind: 'Node', idleMs: 700_000 };
  expect(stuckReason([well, stuck], undefined)).toBe(
    'the watch on Node has neither asked nor heard anything for 700 s',
  );
});

test('a reconcile that never ends does the same', () => {
  expect(stuckReason([well], 601_000)).toBe('one reconcile has been under way for 601 s');
});

test('an API server that is silent makes it not ready, and is no reason to restart', () => {
  const deaf = { ...well, lastEventAgeMs: 200_000 };
  expect(stuckReason([deaf], undefined)).toBeUndefined();
  expect(deafReason([deaf, { ...deaf, kind: 'Node', lastEventAgeMs: 190_000 }])).toBe(
    'the API server has told nothing about Pod, Node for up to 200 s: is it reachable from this pod?',
  );
});

test('before the first list there is nothing to be deaf for', () => {
  expect(deafReason([{ ...well, lastEventAgeMs: undefined }])).toBeUndefined();
});
