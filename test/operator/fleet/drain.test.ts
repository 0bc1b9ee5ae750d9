import { describe, expect, test } from '@jest/globals';
import { drainProgress, type DrainContext } from '../../../operator/fleet/drain.ts';
import type { DrainMark, PodView } from '../../../operator/fleet/pod.ts';
import { aNewPod, aPod, before, facts, nowMs, silence, without } from '../../support/pods.ts';

const times = { propagationMs: 45_000, sessionlessMs: 15_000, idleCallMs: 0 };
const context: DrainContext = { nowMs, times, publishedAtMs: [] };
const begun = (agoMs: number): DrainMark => ({
  reason: 'ScaleDown',
  startedMs: before(agoMs),
});
const idleFor = (ms: number): PodView => aPod({ facts: facts({ sessionlessSinceMs: before(ms) }) });

describe('a drained pod', () => {
  test.each([
    { why: 'its last call ended long ago', pod: idleFor(60_000), agoMs: 120_000, reason: 'Drained' },
    { why: 'it was never published', pod: aNewPod(), agoMs: 0, reason: 'NeverPublished' },
    { why: 'it was not and is silent', pod: aNewPod({ facts: silence }), agoMs: 0, reason: 'NeverPublished' },
  ])('may be deleted when $why', ({ pod, agoMs, reason }) => {
    expect(drainProgress(pod, begun(agoMs), context)).toMatchObject({ done: true, reason });
  });

  test.each([
    { why: 'others may not have noticed', pod: idleFor(3_600_000), agoMs: 44_999, reason: 'Propagating' },
    { why: 'it has calls', pod: aPod({ facts: facts({ sessions: 1 }) }), reason: 'SessionsActive' },
    { why: 'its sessions are unknown', pod: aPod({ facts: silence }), reason: 'SessionsUnknown' },
    { why: 'it was never asked', pod: without(aPod(), 'facts'), reason: 'SessionsUnknown' },
    { why: 'its last call has just ended', pod: idleFor(14_999), reason: 'Sessionless' },
    { why: 'it was idle only before', pod: idleFor(3_600_000), agoMs: 50_000, reason: 'Sessionless' },
    {
      why: 'a call found it unpublished',
      pod: aNewPod({ facts: facts({ sessions: 1 }) }),
      reason: 'SessionsActive',
    },
  ])('stays while $why', ({ pod, agoMs = 120_000, reason }) => {
    expect(drainProgress(pod, begun(agoMs), context)).toMatchObject({ done: false, reason });
  });

  test.each([
    { why: 'others may have noticed', pod: idleFor(3_600_000), agoMs: 44_000, inMs: 1_000 },
    { why: 'it was idle long enough', pod: idleFor(14_000), agoMs: 120_000, inMs: 1_000 },
    { why: 'it was idle after others had noticed', pod: idleFor(3_600_000), agoMs: 50_000, inMs: 10_000 },
  ])('is looked at again when $why', ({ pod, agoMs, inMs }) => {
    expect(drainProgress(pod, begun(agoMs), context)).toMatchObject({ recheckMs: nowMs + inMs });
  });

  test('is asked once more before it goes, since a call may have begun after an answer of some seconds ago', () => {
    const heard = (agoMs: number): PodView =>
      aPod({ facts: facts({ sessionlessSinceMs: before(60_000), measures: { atMs: before(agoMs) } }) });
    const waiting = drainProgress(heard(2_001), begun(120_000), context);
    expect(waiting).toMatchObject({ done: false, reason: 'Sessionless', asks: true });
    expect(drainProgress(heard(2_000), begun(120_000), context)).toMatchObject({ done: true });
  });

  describe('of a cluster that is deleted', () => {
    const deleted = (agoMs: number): DrainMark => ({ ...begun(agoMs), reason: 'Deletion' });

    test('goes at once when it has had no calls for long enough: nobody else is left to take new ones', () => {
      expect(drainProgress(idleFor(15_000), deleted(0), context)).toMatchObject({ done: true });
    });

    test.each([
      ['its calls', aPod({ facts: facts({ sessions: 1 }) }), 'SessionsActive'],
      ['its last call, which has just ended', idleFor(14_999), 'Sessionless'],
      ['an answer', aPod({ facts: silence }), 'SessionsUnknown'],
      ['the name outside, which others may have', { ...idleFor(60_000), namedUntilMs: nowMs }, 'Propagating'],
      [
        'clients of a coturn, who are told of others',
        { ...idleFor(60_000), engine: 'Coturn' },
        'Propagating',
      ],
    ] as const)('waits for %s', (_, pod, reason) => {
      expect(drainProgress(pod, deleted(0), context)).toMatchObject({ done: false, reason });
    });
  });

  const deadlineMs = before(1_000);
  const busy = aPod({ facts: facts({ sessions: 1 }) });
  test.each([
    ['its calls', busy],
    ['its silence', aPod({ facts: silence })],
    ['others who may not have noticed', idleFor(0)],
    ['whoever deletes it', aPod({ isTerminating: true, terminatesMs: nowMs + 3_600_000 })],
  ])('goes at its deadline in spite of %s, and says so', (_, pod) => {
    const decision = drainProgress(pod, { ...begun(0), deadlineMs }, context);
    expect(decision).toMatchObject({ done: true, isForced: true, reason: 'DeadlineReached' });
    expect(decision.message).toMatch('The deadline of its drain (ScaleDown) was 2026-11-23T11:59:59.000Z: ');
  });

  test('is not told twice to go', () => {
    const ending = aPod({ isTerminating: true, terminatesMs: nowMs + 5_000 });
    const decision = drainProgress(ending, { ...begun(0), deadlineMs }, context);
    expect(decision).toMatchObject({ done: false, reason: 'Terminating' });
  });

  test('stays until its deadline, which it names', () => {
    const decision = drainProgress(busy, { ...begun(120_000), deadlineMs: nowMs + 1 }, context);
    expect(decision).toMatchObject({ done: false, reason: 'SessionsActive', recheckMs: nowMs + 1 });
    expect(decision.message).toMatch('It goes at 2026-11-23T12:00:00.001Z at the latest (ScaleDown)');
  });

  test('that has no calls goes before its deadline', () => {
    const mark = { ...begun(120_000), deadlineMs: nowMs + 1 };
    expect(drainProgress(idleFor(60_000), mark, context)).toMatchObject({ done: true, reason: 'Drained' });
  });

  describe('with a deadline, whose calls nobody can be heard or seen in,', () => {
    const quiet = aPod({ facts: facts({ sessions: 2, quiet: { mark: 1, sinceMs: before(600_000) } }) });
    const mark = { ...begun(900_000), deadlineMs: nowMs + 3_600_000 };
    const asked = (idleCallMs: number): DrainContext => ({ ...context, times: { ...times, idleCallMs } });

    test('goes when that has lasted for so long', () => {
      const decision = drainProgress(quiet, mark, asked(600_000));
      expect(decision).toMatchObject({ done: true, isForced: true, reason: 'CallsIdle' });
      expect(decision.message).toContain('since 2026-11-23T11:50:00.000Z');
    });

    test('is asked once more before that: somebody may have spoken since', () => {
      const measures = { atMs: before(5_000) };
      const old = aPod({
        facts: facts({ sessions: 2, quiet: { mark: 1, sinceMs: before(600_000) }, measures }),
      });
      const decision = drainProgress(old, mark, asked(600_000));
      expect(decision).toMatchObject({ done: false, asks: true, recheckMs: mark.deadlineMs });
    });

    test.each([
      ['before that, and is looked at again then', quiet, mark, 600_001, nowMs + 1],
      ['when quiet calls count like any others', quiet, mark, 0, mark.deadlineMs],
      ['without a deadline', quiet, begun(900_000), 600_000, undefined],
      ['while others may not have noticed', quiet, { ...mark, startedMs: before(1_000) }, 1, nowMs + 44_000],
      ['while somebody can be heard', busy, mark, 1, mark.deadlineMs],
    ])('stays %s', (...[, pod, of, idleCallMs, recheckMs]) => {
      const decision = drainProgress(pod, of, asked(idleCallMs));
      expect(decision.done ? decision : decision.recheckMs).toBe(recheckMs);
    });
  });

  test('is given 5 s more for each pod that Mattermost meets at the same time', () => {
    const met = { ...context, publishedAtMs: [before(50_000), before(30_000), before(3_600_000)] };
    const decision = drainProgress(idleFor(3_600_000), begun(50_000), met);
    expect(decision).toMatchObject({ reason: 'Propagating', recheckMs: before(50_000) + 45_000 + 2 * 5_000 });
  });
});
