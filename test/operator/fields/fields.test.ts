/**
 * No field of the API is ignored: each leaf of the CRD's spec changes what the operator does, and leaves nothing
 * behind when it is taken back. A new leaf needs an entry in `sections/`.
 */
import { describe, expect, it } from '@jest/globals';
import { mergePatched } from '../../scenarios/sim/objects.ts';
import type { Effect, SpecPart } from './entry.ts';
import { differingLeaves, specLeaves } from './leaves.ts';
import { fresh } from './situation.ts';
import { fields } from './table.ts';
import { createWorld } from './world.ts';

const leaves = specLeaves();
const effects = Object.entries(fields).filter((one): one is [string, Effect] => one[1] !== 'one value');

describe('the fields of RTCCluster.spec', () => {
  it('all have an entry in the table, and the table has no other', () => {
    expect(Object.keys(fields).toSorted()).toEqual(leaves.map(({ path }) => path).toSorted());
  });

  it('that are said to have one value have no second', () => {
    const single = leaves.filter(({ path }) => fields[path] === 'one value');
    expect(single.filter(({ schema }) => (schema['enum'] as unknown[] | undefined)?.length !== 1)).toEqual(
      [],
    );
  });

  it.each(effects)('%s is the only one that its entry changes', (path, { from = {}, set }) => {
    expect(differingLeaves(specOf(from), specOf(from, set), leaves)).toEqual([path]);
  });

  it.each(effects)(
    '%s changes what the operator does',
    async (_, { from = {}, set, in: situation = fresh }) => {
      const without = await createWorld(specOf(from), situation).settle();
      const changed = await createWorld(specOf(from), situation).settleWith(specOf(from, set));
      expect(changed).not.toEqual(without);
    },
  );

  it.each(effects.filter(([, { oneWay }]) => oneWay === undefined))(
    '%s leaves nothing behind when it is taken back',
    async (_, { from = {}, set, in: situation = fresh }) => {
      const without = await createWorld(specOf(from), situation).settle();
      const world = createWorld(specOf(from), situation);
      await world.settleWith(specOf(from, set));
      expect(await world.settleWith(specOf(from))).toEqual(without);
    },
  );
});

function specOf(...parts: readonly SpecPart[]): SpecPart {
  return parts.reduce<SpecPart>((spec, part) => mergePatched(spec, part) as SpecPart, { replicas: 2 });
}
