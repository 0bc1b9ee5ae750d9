import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
  admissionLimit,
  type Candidate,
  choosePlace,
  expectedCores,
  hasRoom,
} from '../../../sfu/media/placement.ts';

const idle: Candidate = { isUp: true, load: 0, holdsCall: false };
const loads = (...all: readonly number[]): Candidate[] => all.map((load) => ({ ...idle, load }));

describe('where a session goes', () => {
  test('the first worker is filled before the next one gets anything', () => {
    expect(choosePlace(loads(0, 0, 0))).toBe(0);
    expect(choosePlace(loads(0.7, 0, 0))).toBe(0);
    expect(choosePlace(loads(0.76, 0, 0))).toBe(1);
    expect(choosePlace(loads(0.76, 0.9, 0.2))).toBe(2);
  });

  test('a call stays together while its worker has room', () => {
    expect(choosePlace([idle, { ...idle, load: 0.79, holdsCall: true }])).toBe(1);
    expect(choosePlace([idle, { ...idle, load: 0.8, holdsCall: true }])).toBe(0);
  });

  test('a call that spans goes on in the order of the workers', () => {
    const held = { ...idle, holdsCall: true };
    expect(choosePlace([{ ...held, load: 0.9 }, held, idle])).toBe(1);
    expect(choosePlace([{ ...held, load: 0.5 }, held, idle])).toBe(0);
  });

  test('when none has room the least loaded that is up takes it', () => {
    expect(choosePlace(loads(0.95, 0.85, 1))).toBe(1);
    expect(choosePlace([{ ...idle, load: 0, isUp: false }, ...loads(0.95)])).toBe(1);
    expect(choosePlace([{ ...idle, isUp: false }])).toBe(0);
  });

  test('nothing is placed on a worker that would come above the limit while another has room', () => {
    const candidate = fc.record({ isUp: fc.boolean(), load: fc.double({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(candidate, { minLength: 1 }), fc.nat(63), (given, held) => {
        const candidates = given.map((one, index) => ({ ...one, holdsCall: index === held }));
        const chosen = candidates[choosePlace(candidates)]!;
        if (!candidates.some((one) => hasRoom(one))) return;
        expect(chosen.isUp).toBe(true);
        expect(chosen.load + expectedCores(chosen)).toBeLessThanOrEqual(admissionLimit);
      }),
    );
  });
});
