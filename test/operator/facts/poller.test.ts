import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSfuClient, type SfuClient } from '../../../operator/facts/client.ts';
import { createPoller, type Poller } from '../../../operator/facts/poller.ts';
import type { Target } from '../../../operator/facts/targets.ts';
import { systemClock } from '../../../operator/kube/clock.ts';
import { FencedError } from '../../../operator/kube/errors.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import { eventually } from '../../support/eventually.ts';
import { startFakeSfu, type FakeSfu } from '../../support/fakeSfu.ts';

let sfu: FakeSfu;
let client: SfuClient;
let poller: Poller;
let targets: Target[];
let news: string[];
let isLeader: boolean;

beforeEach(async () => {
  sfu = await startFakeSfu('127.0.0.1');
  client = createSfuClient({ timeoutMs: 200, keepAliveMs: 1_000 });
  targets = [target('a')];
  news = [];
  isLeader = true;
  poller = createPoller({
    ...{ client, clock: systemClock, log: silentLog, periodMs: 20, parallel: 2 },
    targets: () => targets,
    onNews: (cluster) => news.push(cluster),
    fence: { writeBudgetMs },
  });
});
afterEach(async () => {
  poller.stop();
  await client.close();
  await sfu.close();
});

function writeBudgetMs(call: string): number {
  if (isLeader) return 10_000;
  throw new FencedError(call, 'refused: this replica does not lead');
}

const target = (uid: string): Target => ({
  uid,
  cluster: 'mattermost/calls',
  origin: `http://127.0.0.1:${sfu.port}`,
  adminKey: 'the-key',
});
const untilFacts = (text: string): Promise<void> =>
  eventually(() => {
    const found = JSON.stringify(poller.factsOf('a') ?? 'nothing');
    return found.includes(text) ? undefined : found;
  });

describe('the poller, against a fake SFU over real HTTP', () => {
  test('knows every pod when its start has ended', async () => {
    targets = [target('a'), target('b'), target('c')];
    await poller.start();
    expect(targets.map(({ uid }) => poller.factsOf(uid)?.answered)).toEqual([true, true, true]);
  });

  test('asks for version and stats with the admin key as password', async () => {
    await poller.start();
    expect(sfu.requests.slice(0, 2)).toEqual([
      { call: 'GET /version', password: 'the-key' },
      { call: 'GET /stats', password: 'the-key' },
    ]);
  });

  test('tells of news once', async () => {
    await poller.start();
    sfu.sessions = 4;
    await untilFacts('"sessions":4');
    const asked = sfu.requests.length;
    await eventually(() => (sfu.requests.length > asked + 8 ? undefined : 'not asked again yet'));
    expect(news).toEqual(['mattermost/calls', 'mattermost/calls']);
  });

  test('tells of the answer of a pod that is asked at once, even if it says nothing new', async () => {
    poller.stop();
    poller = createPoller({
      ...{ client, clock: systemClock, log: silentLog, periodMs: 3_600_000, parallel: 2 },
      targets: () => targets,
      onNews: (cluster) => news.push(cluster),
    });
    await poller.start();
    poller.look('a');
    poller.look('a');
    await eventually(() => (news.length > 1 ? undefined : 'no news of the second answer yet'));
    expect(sfu.requests.filter(({ call }) => call === 'GET /stats')).toHaveLength(2);
  });

  test('looks once for new pods, however many have changed at the same time', async () => {
    poller.stop();
    let looks = 0;
    poller = createPoller({
      ...{ client, clock: systemClock, log: silentLog, periodMs: 3_600_000, parallel: 2 },
      targets: () => ((looks += 1), targets),
      onNews: (cluster) => news.push(cluster),
    });
    await poller.start();
    targets = [target('a'), target('b')];
    for (let change = 0; change < 100; change += 1) poller.hurry();
    await eventually(() => (poller.factsOf('b')?.answered === true ? undefined : 'the new pod to be asked'));
    expect(looks).toBe(2);
  });

  test('says why it knows nothing, and recovers', async () => {
    await poller.start();
    sfu.answers = false;
    await untilFacts('no answer within 200 ms');
    sfu.answers = true;
    await untilFacts('"answered":true');
  });

  test('says that nobody listens', async () => {
    await sfu.close();
    await poller.start();
    expect(poller.factsOf('a')).toEqual({ answered: false, message: 'ECONNREFUSED' });
    sfu = await startFakeSfu('127.0.0.1', sfu.port);
    await untilFacts('"answered":true');
  });

  test('forgets pods that are gone', async () => {
    await poller.start();
    targets = [];
    await eventually(() => (poller.factsOf('a') === undefined ? undefined : 'it is still known'));
  });

  test('steers a drain, and knows at once', async () => {
    await poller.start();
    await poller.steer('a', true);
    expect([sfu.isDraining, poller.factsOf('a')]).toMatchObject([true, { isDraining: true }]);
    await poller.steer('a', false);
    expect(sfu.isDraining).toBe(false);
    expect(sfu.requests.map(({ call }) => call)).toEqual(
      expect.arrayContaining(['POST /drain', 'DELETE /drain']),
    );
  });

  test('steers nobody when another replica may lead', async () => {
    await poller.start();
    isLeader = false;
    await poller.steer('a', true);
    expect(sfu.requests.filter(({ call }) => call.endsWith('/drain'))).toEqual([]);
  });

  test('survives a pod that cannot be steered', async () => {
    await poller.start();
    sfu.answers = false;
    await poller.steer('a', true);
    expect(sfu.isDraining).toBe(false);
  });
});
