import { describe, expect, test } from '@jest/globals';
import { plainStyle } from '../../../operator/cli/text.ts';
import { callTestText, callTestView } from '../../../operator/cli/views/callTest.ts';
import { sizingText, sizingView, type SizingInput } from '../../../operator/cli/views/sizing.ts';
import { priceOf } from '../../../operator/fleet/scale/price.ts';
import type { ProbeResult } from '../../../operator/fleet/probeFacts.ts';
import { aPod, before, facts, nowMs } from '../../support/pods.ts';
import { aRecord } from '../../support/records.ts';

describe('sizing', () => {
  const input: SizingInput = {
    ...{ people: 400, calls: 40, unmuted: 2, screens: 10, webcams: 0 },
    ...{ workers: 1, loadPercent: 70, headroomPercent: 20, ratio: 1 },
  };

  test('counts who hears and sees whom, and prices it as the autoscaler does', () => {
    const view = sizingView(input);
    expect(view.counts).toEqual({ sessions: 400, audioIn: 80, videoIn: 10, audioOut: 720, videoOut: 90 });
    expect(view.millicores).toBe(Math.round(priceOf(view.counts)));
    expect(view.pods).toBe(Math.ceil((view.millicores * 1.2) / 700));
    expect(view.nodes).toBe(view.pods + 1);
  });

  test('follows what machines have been seen to need', () => {
    expect(sizingView({ ...input, ratio: 2 }).millicores).toBeCloseTo(2 * sizingView(input).millicores, -1);
    expect(sizingView(input).notes.join()).toContain('--like CLUSTER');
  });

  test('says so when one call is too large for a pod', () => {
    const { notes } = sizingView({ ...input, largest: 2000 });
    expect(notes[0]).toMatch(/A call of 2000 takes \d+ % .*engine.workers/);
    expect(sizingView(input).notes[0]).not.toContain('engine.workers');
  });

  test('refuses more calls than people', () => {
    expect(() => sizingView({ ...input, calls: 401 })).toThrow('--calls 401 is more than --people 400');
  });

  test('is text for people', () => {
    expect(sizingText(sizingView(input))).toMatch(
      /^\d+ SFU pods? of 1 media worker, on \d+ nodes of 2 cores/,
    );
  });
});

describe('a call test', () => {
  const passed: ProbeResult = {
    ...{ outcome: 'Passed', message: '2 paths work', atMs: before(20_000), failures: 0 },
    ...{ addresses: '10.99.0.11', joinMs: 84.4, lossPercent: 0, fromNode: 'n2' },
  };
  const failed: ProbeResult = { ...passed, outcome: 'Failed', message: 'no packet came over UDP' };
  const record = aRecord({
    spec: { network: { address: { verify: 'Gate' } } },
    pods: [
      aPod({ name: 'calls-sfu-0', facts: facts({ probe: { media: passed, reach: failed } }) }),
      aPod({ name: 'calls-sfu-1', facts: facts({}) }),
    ],
  });

  test('shows time to join, loss and path of the last probe calls, and counts those that failed', () => {
    const view = callTestView(record);
    expect(view.failed).toBe(1);
    expect(view.calls[0]).toMatchObject({ pod: 'calls-sfu-0', question: 'media', joinMs: 84.4, from: 'n2' });
    const text = callTestText(view, plainStyle, nowMs);
    expect(text).toMatch(/calls-sfu-0 +media +Passed +84.4 ms +0 % +n2 → 10.99.0.11 +20s/);
    expect(text).toContain('calls-sfu-0 reach: no packet came over UDP');
  });

  test('says why there is none', () => {
    const { calls } = callTestView(record, 'calls-sfu-1');
    expect(calls).toMatchObject([
      { outcome: 'Untried', message: 'no probe call was placed yet' },
      { outcome: 'Untried' },
    ]);
    expect(callTestView(record, 'nobody').calls).toEqual([]);
  });
});
