import { describe, expect, test } from '@jest/globals';
import type { PodView } from '../../../operator/fleet/pod.ts';
import type { ProbeFacts, ProbeResult } from '../../../operator/fleet/probeFacts.ts';
import { gate, type GateRules } from '../../../operator/fleet/publish.ts';
import { aNewPod, aPod, facts, nowMs } from '../../support/pods.ts';

const rules: GateRules = { minimumVersion: '0.17.0', requirePublic: false, verify: 'Advisory' };
const gated: GateRules = { ...rules, verify: 'Gate' };

const passed: ProbeResult = {
  ...{ outcome: 'Passed', message: '2 paths work', atMs: nowMs, failures: 0, addresses: '10.99.0.11' },
};
const failed = (failures: number, change: Partial<ProbeResult> = {}): ProbeResult => ({
  ...{ ...passed, outcome: 'Failed', message: 'UDP 10.99.0.11:8045 (worker 0): no connection', failures },
  ...change,
});
const probed = (probe: ProbeFacts): Pick<PodView, 'facts'> => ({ facts: facts({ probe }) });

describe('a pod that is not in DNS yet', () => {
  test('waits for its first probe call', () => {
    expect(gate(aNewPod(probed({})), rules)).toMatchObject({ ok: false, reason: 'NotProbed' });
  });

  test('goes in when two have heard each other, whatever is known of its addresses', () => {
    expect(gate(aNewPod(probed({ media: passed })), rules)).toEqual({ ok: true });
    expect(gate(aNewPod(probed({ media: passed, reach: failed(3) })), rules)).toEqual({ ok: true });
  });

  test('stays out after one failure, with what failed and what to look at', () => {
    expect(gate(aNewPod(probed({ media: failed(1) })), rules)).toMatchObject({
      reason: 'ProbeFailed',
      message: expect.stringMatching(
        /UDP 10\.99\.0\.11:8045 .*firewall on the node holds the port/,
      ) as unknown,
    });
  });

  test('goes in when nobody can probe it: an SFU from before probes is no worse than it was', () => {
    const media: ProbeResult = { ...passed, outcome: 'Unable', message: 'too old' };
    expect(gate(aNewPod(probed({ media })), rules)).toEqual({ ok: true });
  });

  test('needs its addresses reached where they are a gate', () => {
    expect(gate(aNewPod(probed({ media: passed })), gated)).toMatchObject({ reason: 'NotProbed' });
    const reach = failed(1, { fromNode: 'n2' });
    expect(gate(aNewPod(probed({ media: passed, reach })), gated)).toMatchObject({
      reason: 'AddressNotReachable',
      message: expect.stringContaining('An SFU on node n2 does not get through') as unknown,
    });
    expect(gate(aNewPod(probed({ media: passed, reach: passed })), gated)).toEqual({ ok: true });
  });
});

describe('a pod that is in DNS', () => {
  test.each([
    ['that nobody has probed since the operator started', {}],
    ['whose last probe failed', { media: failed(1) }],
  ])('stays there %s', (_, probe) => {
    expect(gate(aPod(probed(probe)), gated)).toEqual({ ok: true });
  });

  test('leaves after the second failure in a row', () => {
    expect(gate(aPod(probed({ media: failed(2) })), rules)).toMatchObject({ reason: 'ProbeFailed' });
    const reach = failed(2);
    expect(gate(aPod(probed({ media: passed, reach })), rules)).toEqual({ ok: true });
    expect(gate(aPod(probed({ media: passed, reach })), gated)).toMatchObject({
      reason: 'AddressNotReachable',
    });
  });
});

test('a stock rtcd places no probe calls and needs none', () => {
  expect(gate(aNewPod({ engine: 'Rtcd', ...probed({}) }), gated)).toEqual({ ok: true });
});
