import { describe, expect, test } from '@jest/globals';
import { drainProgress, type DrainContext } from '../../../operator/fleet/drain.ts';
import type { DrainMark, PodView } from '../../../operator/fleet/pod.ts';
import { aNewPod, aPod, before, facts, nowMs, silence, without } from '../../support/pods.ts';

const times = { propagationMs: 45_000, sessionlessMs: 15_000 };
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

  test('is given 5 s more for each pod that Mattermost meets at the same time', () => {
    const met = { ...context, publishedAtMs: [before(50_000), before(30_000), before(3_600_000)] };
    const decision = drainProgress(idleFor(3_600_000), begun(50_000), met);
    expect(decision).toMatchObject({ reason: 'Propagating', recheckMs: before(50_000) + 45_000 + 2 * 5_000 });
  });
});
