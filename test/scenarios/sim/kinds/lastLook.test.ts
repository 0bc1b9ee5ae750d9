/** The oracle is shown an operator that deletes pods without the last look at them: that part of the operator is faked. */
import { expect, it, jest } from '@jest/globals';
import type { Intruder } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import type { Violation } from '../monitor.ts';

const deletedAtMs = 228_500;
/** The drain is over 50 s after the deletion; by then the last round of questions is eight seconds old. */
const calledAtMs = deletedAtMs + 46_000;

/** Nobody calls but the one who does while the cluster is being deleted: no pod is in DNS, and Mattermost goes on with what it knows. */
const deletion: Scenario = {
  ...{ seed: 1, nodes: 3, operators: ['a'], dnsTtlSeconds: 5, callEveryMs: 10_000_000, calmAtMs: 600_000 },
  spec: {
    ...{ replicas: 1, engine: { image: 'sfu:1.2.6' } },
    drain: { propagationSeconds: 45, sessionlessSeconds: 5 },
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
