import { describe, expect, test } from '@jest/globals';
import { turnPlanView } from '../../../operator/cli/views/turnPlan.ts';
import { readTurnRecord, writeRecord } from '../../../operator/record/record.ts';
import { observedTurn, withRealHashes } from '../../../operator/record/redactTurn.ts';
import { turnIntentOf } from '../../../operator/reconcile/turn/intent.ts';
import type { TurnObserved } from '../../../operator/reconcile/turn/observe.ts';
import { secretHash } from '../../../operator/turn/secretHash.ts';
import { authSecret, running, shared } from '../fields/turn/situation.ts';
import { settledTurnRecord, turnRecordOf, turnWorld } from '../../support/turnRecords.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const old = 'the-secret-before-that-was-in-use';
const overlapping = {
  ...running({}, { allocations: 3 }),
  others: () => [authSecret({ keys: { previous: old } })],
};
const context = { history: undefined, consumers: { consumers: [], unseen: [] }, operatorsImage: 'operator' };

function intent(observed: TurnObserved): ReturnType<typeof turnIntentOf> {
  if (!observed.server.ok) throw new RangeError(observed.server.message);
  return turnIntentOf(observed, observed.server.value, { ...context, random: () => 'r', fresh: 'fresh' });
}

function decided({ decision: { pods, rotation } }: ReturnType<typeof turnIntentOf>): object {
  return {
    members: pods.members.map(({ pod, state, reason, message }) => [
      pod.name,
      state,
      reason ?? '',
      message ?? '',
    ]),
    ...{ create: pods.create, deletions: pods.deletions.length, wanted: pods.wanted },
    ...{ stage: rotation.stage, why: rotation.reason, waitingFor: rotation.waitingFor },
  };
}

describe('the record of a TurnServer', () => {
  test('has no shared secret and no key of its agents, clear or encoded', async () => {
    const world = turnWorld({ situation: overlapping });
    await world.settle();
    const observed = world.observe();
    const keys = Object.values(observed.secrets['edge-turn-agent'] ?? {});
    expect(keys).toHaveLength(2);
    const text = writeRecord(turnRecordOf(world));
    expect(JSON.stringify(observed)).toContain(base64(shared));
    for (const value of [shared, old]) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(base64(value));
    }
    for (const key of keys) {
      expect(text).not.toContain(key);
      expect(text).not.toContain(Buffer.from(key, 'base64').toString());
    }
    expect(text).toContain('"adminKey"');
  });

  test('leads to the decisions that the secrets lead to, since hashes are replaced with what they are of', async () => {
    const world = turnWorld({ situation: overlapping });
    await world.settle();
    const observed = world.observe();
    const read = readTurnRecord(writeRecord(turnRecordOf(world))).observed;
    const again = withRealHashes(decided(intent(observedTurn(read))), read);
    expect(again).toEqual(decided(intent(observed)));
    expect(again).toMatchObject({ create: 0, stage: 'Overlapping', members: { length: 2 } });
    expect(JSON.stringify(read.views)).not.toContain(secretHash(shared));
  });

  test('of others’ containers has no environment', async () => {
    const { observed } = await settledTurnRecord();
    expect(JSON.stringify(observed.pods)).not.toMatch(/"env"|"volumeMounts"/);
    expect(observed.pods).toHaveLength(2);
  });
});

test('what a record foretells of a TurnServer at rest is nothing', async () => {
  expect(turnPlanView(await settledTurnRecord())).toMatchObject({
    ...{ drains: [], held: [], deletions: [], creates: 0, writes: [] },
    wanted: { before: 2, after: 2 },
  });
});
