import { describe, expect, test } from '@jest/globals';
import type { ProbeAnswer } from '../../../operator/facts/probeAnswer.ts';
import { everyTurn, type ProbeTarget } from '../../../operator/facts/probeTurns.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { summary, verdictOf, withoutCall } from '../../../operator/trial/judge.ts';

const ready = (status: string, reason: string, message: string): object => ({
  conditions: [{ type: 'Ready', status, reason, message }],
});
const cluster = (status: object | undefined, spec: object = {}, metadata: object = {}): KubeObject => ({
  ...{ apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'RTCCluster', spec, status },
  metadata: { name: 'calls', namespace: 'mattermost', ...metadata },
});
const well = ready('True', 'AsSpecified', 'All is well');

describe('an RTCCluster through which no call is placed', () => {
  test('fails with what its Ready says when no pod is in DNS', () => {
    const held = cluster(ready('False', 'NoAddress', 'node n1 has no ExternalIP'));
    expect(withoutCall(held, 0)).toEqual({
      hasPassed: false,
      text: 'no pod of it that could be called is in DNS. Ready is False, NoAddress: node n1 has no ExternalIP',
    });
  });

  test('fails when no operator has looked at it', () => {
    expect(withoutCall(cluster(undefined), 0)?.text).toContain('no operator has looked at it');
  });

  test('passes when it wants no pods, or is on its way out', () => {
    expect(withoutCall(cluster(well), 0)?.hasPassed).toBe(true);
    const ending = cluster(well, {}, { deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(withoutCall(ending, 1)).toEqual({ hasPassed: true, text: 'it is being deleted: not called' });
  });

  test('is judged by its Ready when it runs a stock rtcd', () => {
    const rtcd = { engine: { type: 'Rtcd' } };
    expect(withoutCall(cluster(well, rtcd), 2)?.hasPassed).toBe(true);
    expect(withoutCall(cluster(ready('False', 'Down', 'it is down'), rtcd), 2)?.hasPassed).toBe(false);
  });

  test('is none when there are pods to call', () => {
    expect(withoutCall(cluster(well), 1)).toBeUndefined();
  });
});

describe('a call', () => {
  const target = (name: string, verify: ProbeTarget['verify']): ProbeTarget => ({
    target: { uid: name, cluster: 'mattermost/calls', origin: 'http://10.0.0.1:8443', adminKey: 'k' },
    ...{ name, nodeName: `node-of-${name}`, local: '10.0.0.1', advertised: ['203.0.113.1'] },
    ...{ verify, isPublished: true, mayEnter: true },
  });
  const calls = (verify: ProbeTarget['verify']): ReturnType<typeof everyTurn> =>
    everyTurn([target('a', verify), target('b', verify)]).filter(({ of }) => of.name === 'a');
  const passing: ProbeAnswer = { outcome: 'Passed', message: '2 paths work', joinMs: 41.6, lossPercent: 0 };
  const failing: ProbeAnswer = { outcome: 'Failed', message: 'udp 203.0.113.1:8045: no answer' };

  test('goes from each pod to itself, and to what clients are told from the next node, however busy they are', () => {
    const told = calls('Gate').map((turn) => verdictOf(turn, passing).text);
    expect(told).toEqual([
      'pod a at 10.0.0.1, called by itself: 2 paths work (joined in 42 ms, 0 % lost)',
      'pod a at 203.0.113.1, called by b: 2 paths work (joined in 42 ms, 0 % lost)',
    ]);
    expect(calls('Off').map(({ kind }) => kind)).toEqual(['media']);
  });

  test('that fails fails the test with the words of the condition; an address that nobody inside reaches only with Gate', () => {
    const outcomes = (verify: ProbeTarget['verify']): (string | boolean)[][] =>
      calls(verify).map((turn) => {
        const { hasPassed, text } = verdictOf(turn, failing);
        return [hasPassed, text];
      });
    const media = expect.stringContaining('Its probe call to itself failed: udp 203.0.113.1:8045: no answer');
    const reach = expect.stringContaining('An SFU on node node-of-b does not get through');
    expect(outcomes('Gate')).toEqual([
      [false, media],
      [false, reach],
    ]);
    expect(outcomes('Advisory')).toEqual([
      [false, media],
      [true, reach],
    ]);
  });

  test.each(['Unable', 'Busy'] as const)('that could not be placed fails the test: %s', (outcome) => {
    const [call] = calls('Off');
    expect(verdictOf(call!, { outcome, message: 'it is so' })).toMatchObject({ hasPassed: false });
  });
});

test('no RTCCluster is a pass that says so, and one failure fails all', () => {
  expect(summary([], 0)).toMatchObject({
    hasPassed: true,
    text: expect.stringContaining('no RTCCluster yet'),
  });
  const lines = [
    { hasPassed: true, text: 'a' },
    { hasPassed: false, text: 'b' },
  ];
  expect(summary(lines, 1)).toMatchObject({
    hasPassed: false,
    text: expect.stringContaining('1 of the lines'),
  });
  expect(summary(lines.slice(0, 1), 1).hasPassed).toBe(true);
});
