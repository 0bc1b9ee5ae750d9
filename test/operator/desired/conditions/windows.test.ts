import { expect, test } from '@jest/globals';
import type { Condition } from '../../../../operator/api/shared.ts';
import { decideFleet } from '../../../../operator/fleet/decide.ts';
import { aStatus } from '../../../support/decisions.ts';
import { aPod, nowMs } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';

/** What Progressing says of a fleet at rest whose updates have a window in this time zone. */
function progressing(timeZone: string): Condition | undefined {
  const windows = [{ name: 'night', cron: '0 2 * * *', timeZone, durationSeconds: 3600 }];
  const cluster = aCluster({ replicas: 1, update: { windows } });
  const decision = decideFleet({ cluster, pods: [aPod()], revision: 'current', nowMs });
  const given = { cluster, decision, revision: 'current', operatorsImage: 'sfu:2', credentialProblems: [] };
  return aStatus(given).conditions?.find(({ type }) => type === 'Progressing');
}

test('a window that cannot be read is told at once, and not only when an update waits for it', () => {
  expect(progressing('Athens')).toMatchObject({
    status: 'False',
    reason: 'WindowUnreadable',
    message: expect.stringMatching(
      /^update\.windows night: cron .* in timeZone "Athens" cannot be read: use/,
    ),
  });
});

test('one that can be read is nobody’s concern while nothing is left to do', () => {
  expect(progressing('Europe/Athens')).toMatchObject({ status: 'False', reason: 'Settled' });
});
