import { describe, expect, test } from '@jest/globals';
import { gate } from '../../../operator/fleet/publish.ts';
import { aNewPod, aPod, facts, silence, without } from '../../support/pods.ts';

const rules = { minimumVersion: '0.17.0', requirePublic: false, verify: 'Advisory' as const };

describe('the publish gate', () => {
  test.each([
    ['a pod that passes all four', aNewPod()],
    ['a version exactly at the minimum', aNewPod({ facts: facts({ version: '0.17.0' }) })],
    ['a version with a v', aNewPod({ facts: facts({ version: 'v1.2.6' }) })],
    ['a published pod that the operator cannot reach', aPod({ facts: silence })],
  ])('lets through %s', (_, pod) => {
    expect(gate(pod, rules)).toEqual({ ok: true });
  });

  test.each([
    ['NotReady', 'is not ready', aPod({ isReady: false })],
    ['AddressUnknown', 'is not known yet', { ...aNewPod(), marks: { ...aNewPod().marks, address: '' } }],
    ['APINotAnswering', 'was not asked yet', without(aNewPod(), 'facts')],
    ['APINotAnswering', 'no answer within 2000 ms', aNewPod({ facts: silence })],
    ['VersionUnknown', '"dev", which is no version', aNewPod({ facts: facts({ version: 'dev' }) })],
    [
      'VersionTooLow',
      '0.16.9, engine.minimumVersion is 0.17.0',
      aPod({ facts: facts({ version: '0.16.9' }) }),
    ],
    [
      'NoNodeAddress',
      'no address',
      aPod({ addressProblem: { reason: 'NoNodeAddress', message: 'no address' }, marks: { address: '' } }),
    ],
  ])('stops a pod with %s: %s', (reason, message, pod) => {
    expect(gate(pod, rules)).toMatchObject({ ok: false, reason, message: expect.stringContaining(message) });
  });

  test('stops a private address only where a public one is required', () => {
    const strict = { ...rules, requirePublic: true };
    expect(gate(aPod(), strict)).toMatchObject({ ok: false, reason: 'AddressNotPublic' });
    expect(gate(aPod({ marks: { address: '203.0.113.7,10.99.0.11' } }), strict)).toEqual({ ok: true });
  });
});
