import { describe, expect, test } from '@jest/globals';
import { nodesTuned } from '../../../../operator/desired/conditions/tuning.ts';
import { decideFleet } from '../../../../operator/fleet/decide.ts';
import type { PodView } from '../../../../operator/fleet/pod.ts';
import { aKernel, aPod, facts, nowMs, silence } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';

function say(pods: readonly PodView[]): string {
  const cluster = aCluster();
  const decision = decideFleet({ cluster, pods, revision: 'current', nowMs });
  const { status, reason, message } = nodesTuned({
    ...{ cluster, decision, revision: 'current', operatorsImage: 'sfu:2', credentialProblems: [] },
  });
  return `${status} ${reason}: ${message}`;
}

const small = facts({ kernel: aKernel({ receiveBufferBytes: 212_992 }) });

describe('NodesTuned', () => {
  test('tells which nodes, what it costs and the command', () => {
    const pods = ['n2', 'n1'].map((nodeName) => aPod({ name: nodeName, nodeName, facts: small }));
    expect(say(pods)).toBe(
      'False SettingsTooSmall: Nodes n1, n2: net.core.rmem_max is 212992 and media sockets ask for 4194304: bursts of packets are lost. On each of them: sysctl -w net.core.rmem_max=4194304',
    );
  });

  test('is true when all that told are set well', () => {
    expect(say([aPod({ facts: facts({ kernel: aKernel() }) }), aPod({ name: 'b', facts: silence })])).toMatch(
      /^True Tuned: /,
    );
  });

  test('is unknown while nobody told', () => {
    expect(say([aPod()])).toMatch(/^Unknown NotTold: /);
  });
});
