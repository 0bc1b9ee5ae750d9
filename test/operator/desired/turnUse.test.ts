import { describe, expect, test } from '@jest/globals';
import { turnReady } from '../../../operator/desired/conditions/turn.ts';
import { turnUseOf, type TurnSight, type TurnUse } from '../../../operator/desired/turnUse.ts';
import type { ConditionInput } from '../../../operator/desired/conditions/verdict.ts';
import { aCluster } from '../../support/rtcclusters.ts';
import { aTurnServer } from '../../support/turnservers.ts';

const cluster = aCluster({ turn: { turnServerName: 'edge' } });
const peers = { allow: [{ rtcClusters: { matchNames: ['calls'] } }] };
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const data = { MM_CALLS_TURN_STATIC_AUTH_SECRET: base64('shared'), other: base64('not for Mattermost') };

const ready = (status: 'True' | 'False', message = ''): object => ({
  conditions: [{ type: 'Ready', status, reason: 'Why', message, lastTransitionTime: '' }],
});

function sight(spec: object = { peers }, change: Partial<TurnSight> = {}): TurnSight {
  const server = { ...aTurnServer({ ...spec }), status: ready('True') };
  return { availability: 'Served', server, secrets: { 'edge-ice-servers': data }, ...change };
}

const use = (of: TurnSight): TurnUse => turnUseOf(cluster, of)!;

describe('a cluster that refers to a TurnServer', () => {
  test('gets its variables for Mattermost, and nothing else of its Secret', () => {
    expect(use(sight())).toEqual({
      isUsable: true,
      variables: { MM_CALLS_TURN_STATIC_AUTH_SECRET: 'shared' },
      reason: 'TurnServerInUse',
      message: 'Mattermost is given the TURN servers of edge',
    });
  });

  test('finds them under the name that the TurnServer gives', () => {
    const named = sight({ peers, publish: { iceServersSecret: 'own' } }, { secrets: { own: data } });
    expect(use(named).variables).toEqual({ MM_CALLS_TURN_STATIC_AUTH_SECRET: 'shared' });
  });

  test.each([
    [
      'is not there',
      { availability: 'Served', secrets: {} },
      /^TurnServerMissing .*no such TurnServer in namespace mattermost/,
    ],
    [
      'is of a kind that is not served',
      { availability: 'NotServed', secrets: {} },
      /^TurnServersNotServed .*CustomResourceDefinition/,
    ],
    ['has no Secret yet', sight({ peers }, { secrets: {} }), /^TurnServerStarting/],
    ['relays nothing to it', sight({}), /^NotAllowedAsPeer .*matchNames \[calls\]/],
  ] as const)('is told when that %s', (_, of, told) => {
    const { isUsable, reason, message } = use(of);
    expect([isUsable, `${reason} ${message}`]).toEqual([false, expect.stringMatching(told)]);
  });

  test('is told why that is not ready, and keeps its variables', () => {
    const server = { ...aTurnServer({ peers }), status: ready('False', 'no pod is published') };
    const { isUsable, message, variables } = use(sight({}, { server }));
    expect([isUsable, message]).toEqual([false, 'TurnServer edge is not ready: no pod is published']);
    expect(variables).toBeDefined();
  });

  test.each([
    ['are not listed yet', { availability: 'Unknown', secrets: {} }, 'Asking'],
    ['may not be seen', { availability: 'Forbidden', secrets: {} }, 'TurnServersNotServed'],
    ['have no Secret for a moment', sight({ peers }, { secrets: {} }), 'TurnServerStarting'],
  ] as const)('keeps what Mattermost has while TurnServers %s', (_, of, reason) => {
    const told = use({ ...of, held: data });
    expect([told.isUsable, told.reason]).toEqual([false, reason]);
    expect(told.variables).toEqual({ MM_CALLS_TURN_STATIC_AUTH_SECRET: 'shared' });
  });

  test('keeps nothing of one that is gone', () => {
    const gone = use({ availability: 'Served', secrets: {}, held: data });
    expect([gone.reason, gone.variables]).toEqual(['TurnServerMissing', undefined]);
  });

  test.each([{ default: 'AllowAll' }, { default: 'DenyPrivate' }, { allow: [{ cidr: '10.0.0.0/8' }] }])(
    'need not be named where peers are %j',
    (some) => expect(use(sight({ peers: some })).isUsable).toBe(true),
  );

  test('has the condition TurnReady, and one without a TurnServer has not', () => {
    const input = (turn?: TurnUse): ConditionInput => ({ ...(turn && { turn }) }) as ConditionInput;
    expect(turnReady(input(use(sight())))).toMatchObject([{ type: 'TurnReady', status: 'True' }]);
    expect(turnReady(input(use(sight({}))))).toMatchObject([{ status: 'False', reason: 'NotAllowedAsPeer' }]);
    expect(turnReady(input(turnUseOf(aCluster(), sight())))).toEqual([]);
  });
});
