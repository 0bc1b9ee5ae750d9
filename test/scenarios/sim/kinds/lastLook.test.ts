/** The oracle is shown an operator that deletes pods without the last look at them: that part of the operator is faked. */
import { expect, it, jest } from '@jest/globals';
import type { Intruder } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import type { Violation } from '../monitor.ts';

const deletedAtMs = 228_500;
/** Nobody has called for long, so the drain is over with the deletion; by then the last round of questions is eight seconds old. */
const calledAtMs = deletedAtMs - 5_000;

/** Nobody calls but the one who does just before the cluster is deleted, unseen by the operator. */
const deletion: Scenario = {
  ...{ seed: 1, nodes: 3, operators: ['a'], dnsTtlSeconds: 5, callEveryMs: 10_000_000, calmAtMs: 600_000 },
  spec: {
    ...{ replicas: 1, engine: { image: 'sfu:1.2.6' } },
    drain: { sessionlessSeconds: 5 },
  },
  events: [{ atMs: deletedAtMs, kind: 'deleteCluster' }],
};

const lateCall: Intruder = ({ time, mattermost }, { scenes }) => {
  time.after(calledAtMs, () => {
    const call = mattermost.start(3);
    scenes.noteDemand();
    time.after(60_000, () => {
      if (call !== undefined) mattermost.resize(call, 0);
      scenes.noteDemand();
    });
  });
};

async function violations(): Promise<readonly Violation[]> {
  const { playScenario } = await import('../run.ts');
  return (await playScenario(deletion, lateCall)).violations;
}

it('notices an operator that deletes a pod on an answer of some seconds ago, while a call begins on it', async () => {
  expect(await violations()).toEqual([]);
  jest.resetModules();
  jest.unstable_mockModule('../../../../operator/fleet/lastLook.ts', () => ({ isOfThisMoment: () => true }));
  const invariant = 'I1 no call is deleted';
  expect(await violations()).toEqual([expect.objectContaining({ invariant })]);
});
