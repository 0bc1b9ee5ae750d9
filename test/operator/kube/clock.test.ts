/** The operator's own idea of the time of day. */
import { describe, expect, it } from '@jest/globals';
import { steadyWall } from '../../../operator/kube/clock.ts';

describe('the wall time of the operator', () => {
  it('goes on evenly when the clock of the machine is set an hour ahead', () => {
    const machine = { nowMs: 1_000_000, upMs: 5_000 };
    const wallMs = steadyWall({ wallMs: () => machine.nowMs, monotonicMs: () => machine.upMs });
    machine.nowMs += 3_600_000;
    machine.upMs += 20;
    expect(wallMs()).toBe(1_000_020);
  });
});
