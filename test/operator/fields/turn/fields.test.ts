/**
 * No field of a TurnServer is ignored: each leaf of the CRD's spec changes what the operator does, and leaves nothing
 * behind when it is taken back. A new leaf needs an entry in `sections.ts`.
 */
import { describe, expect, it } from '@jest/globals';
import { turnSpecSchema } from '../../../../operator/api/turnserverSpec.ts';
import { mergePatched } from '../../../scenarios/sim/objects.ts';
import type { SpecPart } from '../entry.ts';
import { differingLeaves, specLeaves } from '../leaves.ts';
import { turnFields } from './sections.ts';
import { fresh } from './situation.ts';
import { createTurnWorld } from './world.ts';

const leaves = specLeaves(turnSpecSchema);
const effects = Object.entries(turnFields);

function specOf(...parts: readonly SpecPart[]): SpecPart {
  return parts.reduce<SpecPart>((spec, part) => mergePatched(spec, part) as SpecPart, {});
}

describe('the fields of TurnServer.spec', () => {
  it('all have an entry in the table, and the table has no other', () => {
    expect(Object.keys(turnFields).toSorted()).toEqual(leaves.map(({ path }) => path).toSorted());
  });

  it.each(effects)('%s is the only one that its entry changes', (path, { from = {}, set }) => {
    expect(differingLeaves(specOf(from), specOf(from, set), leaves)).toEqual([path]);
  });

  it.each(effects)(
    '%s changes what the operator does',
    async (_, { from = {}, set, in: situation = fresh }) => {
      const without = await createTurnWorld(specOf(from), situation).settle();
      const changed = await createTurnWorld(specOf(from), situation).settleWith(specOf(from, set));
      expect(changed).not.toEqual(without);
    },
  );

  it.each(effects.filter(([, { oneWay }]) => oneWay === undefined))(
    '%s leaves nothing behind when it is taken back',
    async (_, { from = {}, set, in: situation = fresh }) => {
      const without = await createTurnWorld(specOf(from), situation).settle();
      const world = createTurnWorld(specOf(from), situation);
      await world.settleWith(specOf(from, set));
      expect(await world.settleWith(specOf(from))).toEqual(without);
    },
  );
});
