import { describe, expect, test } from '@jest/globals';
import { turnDrain } from '../../../operator/api/spec/turn/lifecycle.ts';
import { timeoutMs } from '../../../operator/fleet/deadline.ts';
import { drainReasons, type DrainReason } from '../../../operator/api/spec/drain.ts';
import { asFleet } from '../../../operator/turn/asFleet.ts';
import { aTurnServer } from '../../support/turnservers.ts';

/** Seconds that a drain for this reason gives allocations; undefined: as long as they take. */
function secondsFor(reason: DrainReason, drain: object): number | undefined {
  const limitMs = timeoutMs(asFleet(aTurnServer({ drain }), 2).spec.drain, reason);
  return limitMs === undefined ? undefined : limitMs / 1000;
}

describe('the time that a drain of a TURN pod gives allocations', () => {
  test('has an end under Wait, too, for a deletion and a node that goes', () => {
    const limits = drainReasons.map((reason) => [reason, secondsFor(reason, { policy: 'Wait' })] as const);
    expect(Object.fromEntries(limits.filter(([, seconds]) => seconds !== undefined))).toEqual({
      Deletion: 7200,
      NodeDrain: 3300,
      SpotInterruption: 90,
    });
  });

  test('is timeoutSeconds where that is shorter', () => {
    expect(drainReasons.map((reason) => secondsFor(reason, { timeoutSeconds: 60 }))).toEqual(
      drainReasons.map(() => 60),
    );
    expect(secondsFor('Deletion', {})).toBe(7200);
    expect(secondsFor('Rollout', {})).toBe(14_400);
  });

  test('is in the help of drain.policy, limit by limit', () => {
    const { description = '' } = turnDrain.shape.policy;
    for (const reason of drainReasons) {
      const seconds = secondsFor(reason, { policy: 'Wait' });
      if (seconds !== undefined) expect(description).toContain(`${reason} ${seconds}`);
    }
    expect(turnDrain.shape.timeoutSeconds.description).toContain('drain.policy');
  });
});
