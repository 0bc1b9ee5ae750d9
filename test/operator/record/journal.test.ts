import { expect, test } from '@jest/globals';
import type { Noted } from '../../../operator/record/decision.ts';
import { createJournal, keptChanges } from '../../../operator/record/journal.ts';
import { aDecision, aStatus } from '../../support/decisions.ts';
import { nowMs } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const cluster = aCluster();
const metadata = { namespace: 'mattermost', name: 'calls' };
const object = { apiVersion: 'a', kind: 'RTCCluster', metadata };
const action = { type: 'delete', reason: 'Unwanted', message: 'why', object } as const;

function noted(wanted: number, change: Partial<Noted> = {}): Noted {
  const decision = aDecision({ wanted });
  const told = { cluster, decision, revision: 'r', operatorsImage: 'i', credentialProblems: [] };
  const status = { ...aStatus(told), desiredPods: wanted };
  return { owner: cluster, decision, status, done: [], nowMs, ...change };
}

test('the journal has the last decision of a cluster, and forgets it with the cluster', () => {
  const journal = createJournal();
  expect(journal.of('mattermost/calls')).toBeUndefined();
  journal.note(noted(2));
  expect(journal.of('mattermost/calls')?.last).toMatchObject({ atMs: nowMs, wanted: 2 });
  journal.forget('mattermost/calls');
  expect(journal.of('mattermost/calls')).toBeUndefined();
});

test('it keeps the last changes and no more', () => {
  const journal = createJournal();
  for (let wanted = 0; wanted <= keptChanges + 10; wanted++) journal.note(noted(wanted));
  const changes = journal.of('mattermost/calls')?.changes ?? [];
  expect(changes).toHaveLength(keptChanges);
  expect(changes.at(-1)).toMatchObject({ was: String(keptChanges + 9), is: String(keptChanges + 10) });
});

test('what was written last stays until something else is, without its content', () => {
  const journal = createJournal();
  journal.note(noted(2, { done: [action] }));
  journal.note(noted(2, { nowMs: nowMs + 1000 }));
  expect(journal.of('mattermost/calls')?.last.written).toEqual({
    atMs: nowMs,
    actions: [
      {
        ...{ type: 'delete', kind: 'RTCCluster', namespace: 'mattermost', name: 'calls' },
        ...{ reason: 'Unwanted', message: 'why' },
      },
    ],
  });
});
