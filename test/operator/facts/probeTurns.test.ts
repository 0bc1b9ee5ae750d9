import { describe, expect, test } from '@jest/globals';
import { probeAnswerOf, resultAfter } from '../../../operator/facts/probeAnswer.ts';
import { dueTurns, type ProbeTarget, probeTargetOf } from '../../../operator/facts/probeTurns.ts';
import type { Facts } from '../../../operator/fleet/pod.ts';
import type { ProbeFacts, ProbeResult } from '../../../operator/fleet/probeFacts.ts';
import { facts, nowMs, silence } from '../../support/pods.ts';

const target = (name: string, nodeName: string, change: Partial<ProbeTarget> = {}): ProbeTarget => ({
  target: { uid: name, cluster: 'mattermost/calls', origin: `http://${nodeName}:8443`, adminKey: 'k' },
  ...{ name, nodeName, local: `10.0.0.${nodeName}`, advertised: [`203.0.113.${nodeName}`] },
  ...{ verify: 'Advisory', isPublished: true, mayEnter: true, ...change },
});
const [a, b, c] = [target('a', '1'), target('b', '2'), target('c', '3')];
const result = (change: Partial<ProbeResult> = {}): ProbeResult => ({
  ...{ outcome: 'Passed', message: '2 paths work', atMs: nowMs, failures: 0, addresses: '10.0.0.1' },
  ...change,
});

function turns(
  targets: readonly ProbeTarget[],
  known: { facts?: Record<string, Facts>; probes?: Record<string, ProbeFacts> } = {},
): string[] {
  const due = dueTurns(targets, {
    factsOf: (uid) => known.facts?.[uid] ?? facts(),
    probeOf: (uid) => known.probes?.[uid] ?? {},
    nowMs,
  });
  return due.map(
    ({ kind, of, by, addresses }) => `${by.name} calls ${of.name} (${kind}) at ${addresses.join()}`,
  );
}

describe('whose turn it is', () => {
  test('each pod calls itself, and the next on another node calls its addresses', () => {
    expect(turns([a, b, c])).toEqual([
      'a calls a (media) at 10.0.0.1',
      'b calls a (reach) at 203.0.113.1',
      'b calls b (media) at 10.0.0.2',
      'c calls b (reach) at 203.0.113.2',
      'c calls c (media) at 10.0.0.3',
      'a calls c (reach) at 203.0.113.3',
    ]);
  });

  test('a pod without another node calls its own addresses', () => {
    expect(turns([a, target('d', '1')]).filter((turn) => turn.includes('reach'))).toEqual([
      'a calls a (reach) at 203.0.113.1',
      'd calls d (reach) at 203.0.113.1',
    ]);
  });

  test('who was never called comes first, then whose call is due longest: nobody is left out for ever', () => {
    const aged = (agoMs: number, failures = 0): ProbeFacts => ({
      media: result({ atMs: nowMs - agoMs, failures, addresses: '10.0.0.1' }),
      reach: result({ atMs: nowMs, addresses: '203.0.113.1' }),
    });
    const same = { local: '10.0.0.1', advertised: ['203.0.113.1'] };
    const targets = ['a', 'b', 'c', 'd'].map((name) => target(name, '1', { ...same, verify: 'Off' }));
    const probes = { a: aged(70_000), b: aged(40_000, 1), c: aged(90_000), d: {} };
    expect(turns(targets, { probes }).map((turn) => turn.slice(0, 1))).toEqual(['d', 'c', 'b', 'a']);
  });

  test('pods of another cluster are no callers', () => {
    const other = { ...b, target: { ...b.target, cluster: 'mattermost/other' } };
    expect(turns([a, other])).toContain('a calls a (reach) at 203.0.113.1');
  });

  test('who is in DNS with sessions, or does not answer, is not called, and who does not answer does not call', () => {
    expect(turns([a, b], { facts: { a: facts({ sessions: 1 }), b: silence } })).toEqual([]);
    expect(turns([a, b], { facts: { b: silence } })).toContain('a calls a (reach) at 203.0.113.1');
  });

  test.each<[string, number, ProbeFacts]>([
    ['until it was called once, or nobody would let it in again', 2, {}],
    [
      'until it passes again',
      1,
      { media: result({ failures: 2, atMs: nowMs - 15_000 }), reach: result({ addresses: '203.0.113.1' }) },
    ],
    ['no more after that', 0, { media: result({ atMs: 0 }), reach: result({ atMs: 0 }) }],
  ])('a pod with sessions that is out of DNS is called %s', (_, times, known) => {
    const out = target('a', '1', { isPublished: false });
    const busy = { facts: { a: facts({ sessions: 1 }) }, probes: { a: known } };
    expect(turns([out], busy)).toHaveLength(times);
  });

  test('a pod with sessions that cannot come back before they end is not called, whatever is known of it', () => {
    const leaving = target('a', '1', { isPublished: false, mayEnter: false });
    const failed = { media: result({ failures: 2, atMs: 0 }) };
    for (const known of [{}, failed])
      expect(turns([leaving], { facts: { a: facts({ sessions: 1 }) }, probes: { a: known } })).toEqual([]);
    expect(turns([leaving])).toHaveLength(2);
  });

  test('addresses that are not to be verified are not called', () => {
    expect(turns([target('a', '1', { verify: 'Off' })])).toEqual(['a calls a (media) at 10.0.0.1']);
  });

  test.each<[string, { times: number; change: Partial<ProbeResult> }]>([
    ['not within a minute', { times: 0, change: { atMs: nowMs - 59_000 } }],
    ['after a minute', { times: 1, change: { atMs: nowMs - 60_000 } }],
    ['not within 15 s of a failure', { times: 0, change: { atMs: nowMs - 14_000, failures: 1 } }],
    ['15 s after a failure', { times: 1, change: { atMs: nowMs - 15_000, failures: 1 } }],
    ['at once at another address', { times: 1, change: { addresses: '10.0.0.9' } }],
  ])('a pod is called again: %s', (_, { times, change }) => {
    const probes = { a: { media: result(change) } };
    expect(turns([target('a', '1', { verify: 'Off' })], { probes })).toHaveLength(times);
  });
});

describe('what an SFU answers', () => {
  const body = (report: object): string => JSON.stringify(report);

  test('is the result of a probe, with its figures', () => {
    const report = { ok: true, message: '2 paths work', paths: [{}], joinMs: 80, lossPercent: 2 };
    expect(probeAnswerOf(200, body(report))).toEqual({
      ...{ outcome: 'Passed', message: '2 paths work', joinMs: 80, lossPercent: 2 },
    });
    expect(probeAnswerOf(200, body({ ...report, ok: false }))).toMatchObject({ outcome: 'Failed' });
  });

  test.each<[string, [status: number, body: string], string]>([
    ['an SFU from before probes', [404, '404 page not found'], 'too old for probe calls'],
    ['an SFU without the library', [501, '{"error":"no library"}'], 'no library'],
    ['nonsense', [200, 'hello'], 'nonsense'],
    ['a target whose API is not reached', [200, '{"ok":false,"message":"the API","paths":[]}'], 'the API'],
  ])('says nothing about the pod: %s', (_, [status, text], message) => {
    expect(probeAnswerOf(status, text)).toEqual({
      outcome: 'Unable',
      message: expect.stringContaining(message) as unknown,
    });
  });

  test('may be that it is busy', () => {
    expect(probeAnswerOf(409, '')).toMatchObject({ outcome: 'Busy' });
  });
});

describe('the result after one more answer', () => {
  const context = { turn: { addresses: ['10.0.0.1'] }, from: 'n2', atMs: nowMs };
  const failure = { outcome: 'Failed', message: 'closed' } as const;

  test('counts failures until one passes', () => {
    const first = resultAfter(undefined, failure, context);
    const second = resultAfter(first, failure, context);
    expect([first.failures, second.failures]).toEqual([1, 2]);
    expect(resultAfter(second, { outcome: 'Passed', message: 'good' }, context)).toEqual(
      result({ message: 'good', fromNode: 'n2' }),
    );
  });

  test('keeps a failure while nobody can ask', () => {
    const before = result({ outcome: 'Failed', failures: 2, message: 'closed', atMs: nowMs - 1 });
    expect(resultAfter(before, { outcome: 'Unable', message: 'gone' }, context)).toEqual({
      ...before,
      atMs: nowMs,
    });
  });

  test('begins anew at other addresses', () => {
    const before = result({ failures: 5, addresses: '10.0.0.9' });
    expect(resultAfter(before, failure, context).failures).toBe(1);
  });
});

describe('who can be called', () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', annotations: { 'rtc.progressnet.gr/address': '203.0.113.1:3000,10.0.0.1' } },
    spec: { nodeName: '1' },
    status: { podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
  };

  test('a ready pod that knows its addresses', () => {
    expect(probeTargetOf(pod, a.target, 'Gate')).toMatchObject({
      ...{ local: '10.0.0.1', advertised: ['203.0.113.1:3000', '10.0.0.1'], verify: 'Gate' },
    });
  });

  test.each<[string, object]>([
    ['is not ready', { status: { podIP: '10.0.0.1', conditions: [] } }],
    ['has no address', { metadata: { name: 'a' } }],
    ['ends', { metadata: { ...pod.metadata, deletionTimestamp: '2026-11-23T12:00:00Z' } }],
  ])('no pod that %s', (_, change) => {
    expect(probeTargetOf({ ...pod, ...change }, a.target, 'Gate')).toBeUndefined();
  });

  test.each([
    ['Deletion', false],
    ['AddressChanged', false],
    ['ScaleDown', true],
    ['NodeDrain', true],
    ['Rollout', true],
  ])('a pod that drains, %s: whether it may come back with its calls is %s', (drain, mayEnter) => {
    const annotations = { ...pod.metadata.annotations, 'rtc.progressnet.gr/drain': drain };
    const draining = { ...pod, metadata: { ...pod.metadata, annotations } };
    expect(probeTargetOf(draining, a.target, 'Gate')).toMatchObject({ mayEnter });
  });

  test('no stock rtcd', () => {
    const rtcd = { ...a.target, rtcd: { uid: 'a', clients: [] } };
    expect(probeTargetOf(pod, rtcd, 'Gate')).toBeUndefined();
  });
});
