import { expect, test } from '@jest/globals';
import {
  decideLease,
  heldSpec,
  microTime,
  releasedSpec,
  type LeaseSpec,
} from '../../../operator/kube/lease.ts';

const theirs: LeaseSpec = {
  holderIdentity: 'b',
  leaseDurationSeconds: 15,
  leaseTransitions: 2,
  acquireTime: 'then',
};
const decide = (spec: LeaseSpec, silentMs: number): string =>
  decideLease({ spec, changedAtMs: 1000 }, 'a', 1000 + silentMs).action;

test('a foreign lease is left alone until it has not changed for its duration on our own clock', () => {
  expect(decide(theirs, 14_999)).toBe('wait');
  expect(decide(theirs, 15_000)).toBe('take');
});

test('our own is renewed, a released one taken at once', () => {
  expect(decide({ ...theirs, holderIdentity: 'a' }, 0)).toBe('renew');
  expect(decide({ ...theirs, holderIdentity: '' }, 0)).toBe('take');
});

test('taking counts a transition and begins a new tenure; renewing does neither', () => {
  const us = { identity: 'a', wallMs: 0, durationMs: 15_000 };
  const taken = heldSpec(theirs, us);
  expect(taken).toEqual({
    holderIdentity: 'a',
    leaseDurationSeconds: 15,
    acquireTime: '1970-01-01T00:00:00.000000Z',
    renewTime: '1970-01-01T00:00:00.000000Z',
    leaseTransitions: 3,
  });
  expect(heldSpec(taken, { ...us, wallMs: 1000 })).toEqual({ ...taken, renewTime: microTime(1000) });
});

test('a released lease names nobody and is soon over', () => {
  expect(releasedSpec(theirs, 0)).toMatchObject({
    holderIdentity: '',
    leaseDurationSeconds: 1,
    leaseTransitions: 2,
  });
});
