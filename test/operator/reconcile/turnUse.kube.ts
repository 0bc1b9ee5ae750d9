/** An RTCCluster sends its clients to a TurnServer, on a real API server; SFUs, agents, coturns and kubelets are faked. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { secrets } from '../../../operator/kube/resources.ts';
import { secretHash } from '../../../operator/turn/secretHash.ts';
import { eventually } from '../../support/eventually.ts';
import { liveCluster, type LiveCluster } from '../../support/liveCluster.ts';
import { base } from './acts.ts';
import { published, turnActsOn } from './turnActs.ts';

const acts = turnActsOn({ nodes: 3 });
let calls: LiveCluster;

beforeEach(async () => {
  await acts.begin();
  const sfus = { ...base, replicas: 1, deletionPolicy: 'Immediate' };
  calls = liveCluster(acts.stage.kube, acts.edge.namespace, sfus);
}, 60_000);
afterEach(async () => {
  await calls.remove();
  await eventually(async () => ((await calls.isGone()) ? undefined : 'the RTCCluster is still there'));
  await acts.end();
}, 120_000);

const turn = { turn: { turnServerName: 'edge' } };
const allow = [{ rtcClusters: { matchNames: ['calls'] } }];
const issued = 'MM_CALLS_TURN_STATIC_AUTH_SECRET';
const binding = (): Promise<Readonly<Record<string, string>>> => acts.edge.secret('calls-mattermost-env');

/** Waits until Mattermost would make credentials with what the TURN servers take. */
async function untilBound(): Promise<string> {
  let found = '';
  await eventually(
    async () => {
      const [{ secret = '' }, { [issued]: told = '' }] = await Promise.all([
        acts.edge.secret('edge-turn'),
        binding(),
      ]);
      found = told;
      return told === secret ? undefined : 'the binding has another secret, or none';
    },
    { timeoutMs: 30_000 },
  );
  return found;
}

describe('an RTCCluster that refers to a TurnServer', () => {
  test('is told what is wrong, and gets the variables for Mattermost when nothing is', async () => {
    await calls.apply(turn);
    await calls.untilCondition('TurnReady', /^False TurnServerMissing/);
    await acts.edge.apply({});
    await acts.edge.untilPods(2, published);
    await calls.untilCondition('TurnReady', /^False NotAllowedAsPeer/);
    await acts.edge.untilCondition('PeersSynced', /^False UserNotAllowed/);
    await acts.edge.apply({ peers: { allow } });
    await calls.untilCondition('TurnReady', /^True/);
    await acts.edge.untilCondition('PeersSynced', /^True/);
    await untilBound();
    const own = await acts.edge.secret('edge-ice-servers');
    expect(await binding()).toMatchObject(own);
    await calls.apply({});
    await eventually(async () =>
      (await binding())[issued] === undefined ? undefined : 'Mattermost is still told of TURN servers',
    );
  }, 120_000);

  test('gets the next secret with a rotation, which waits for its binding, too', async () => {
    await calls.apply(turn);
    await acts.edge.apply({ peers: { allow } });
    await acts.edge.untilPods(2, published);
    const before = await untilBound();
    await acts.edge.annotate({ 'rtc.progressnet.gr/turn-rotate': 'now' });
    await acts.edge.untilStage('Overlapping');
    const after = await untilBound();
    expect(after).not.toBe(before);
    const { secrets } = await acts.edge.status();
    expect(secrets?.accepted.map(({ hash }) => hash)).toEqual([after, before].map(secretHash));
  }, 120_000);

  test('keeps its variables through a change of the operator, without a write in between', async () => {
    await calls.apply(turn);
    await acts.edge.apply({ peers: { allow } });
    await acts.edge.untilPods(2, published);
    await acts.edge.untilCondition('Ready', /^True/);
    await calls.untilCondition('TurnReady', /^True/);
    await untilBound();
    await calls.untilCondition('Ready', /^True/);
    await acts.operator.stop();
    const version = async (): Promise<string | undefined> =>
      (await acts.stage.kube.get(secrets, { namespace: calls.namespace, name: 'calls-mattermost-env' }))
        .metadata.resourceVersion;
    const before = await version();
    acts.startAgain();
    await eventually(
      async () => ((await acts.operator.reconciles()) > 0 ? undefined : 'nothing was looked at'),
      { timeoutMs: 30_000 },
    );
    await acts.untilRest();
    await calls.untilCondition('TurnReady', /^True/);
    expect(await version()).toBe(before);
  }, 120_000);
});
