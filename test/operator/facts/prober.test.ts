/** The prober over real HTTP; the SFUs behind it are faked. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createProbeClient, type ProbeClient } from '../../../operator/facts/probeClient.ts';
import { createProber, type Prober } from '../../../operator/facts/prober.ts';
import type { ProbeTarget } from '../../../operator/facts/probeTurns.ts';
import { systemClock } from '../../../operator/kube/clock.ts';
import { FencedError } from '../../../operator/kube/errors.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import { eventually } from '../../support/eventually.ts';
import { type FakeSfu, startFakeSfu } from '../../support/fakeSfu.ts';
import { facts } from '../../support/pods.ts';

let sfu: FakeSfu;
let client: ProbeClient;
let prober: Prober;
let targets: ProbeTarget[];
let news: string[];
let isLeader: boolean;

const good = { ok: true, message: '2 paths work', joinMs: 80, lossPercent: 0, paths: [{}, {}] };

beforeEach(async () => {
  sfu = await startFakeSfu('127.0.0.1');
  sfu.probe = good;
  client = createProbeClient({ timeoutMs: 2_000 });
  [targets, news, isLeader] = [[target('a')], [], true];
  prober = createProber({
    ...{ client, clock: systemClock, log: silentLog, tickMs: 20, parallel: 4 },
    targets: () => targets,
    factsOf: () => facts(),
    onNews: (cluster) => news.push(cluster),
    fence: {
      writeBudgetMs: (call) => {
        if (isLeader) return 10_000;
        throw new FencedError(call, 'refused: this replica does not lead');
      },
    },
  });
});
afterEach(async () => {
  prober.stop();
  await client.close();
  await sfu.close();
});

const target = (name: string): ProbeTarget => ({
  target: {
    ...{ uid: name, cluster: 'mattermost/calls', adminKey: 'the-key' },
    origin: `http://127.0.0.1:${sfu.port}`,
  },
  ...{
    name,
    nodeName: 'n1',
    local: '10.0.0.1',
    advertised: ['203.0.113.1'],
    verify: 'Advisory',
    isPublished: true,
    mayEnter: true,
  },
});

const untilProbed = (text: string): Promise<void> =>
  eventually(() => {
    const found = JSON.stringify(prober.probeOf('a'));
    return found.includes(text) ? undefined : found;
  });

describe('the prober, against a fake SFU over real HTTP', () => {
  test('asks both questions with the admin key, one after the other, and tells of each answer', async () => {
    prober.start();
    await untilProbed('"reach":{"outcome":"Passed"');
    expect(prober.probeOf('a')).toMatchObject({ media: { outcome: 'Passed', joinMs: 80, lossPercent: 0 } });
    expect(sfu.requests).toEqual([
      { call: 'POST /probe', password: 'the-key' },
      { call: 'POST /probe', password: 'the-key' },
    ]);
    expect(news).toEqual(['mattermost/calls', 'mattermost/calls']);
  });

  test('an SFU from before probes, and one that does not answer, are not said to have failed', async () => {
    sfu.probe = undefined;
    prober.start();
    await untilProbed('too old for probe calls');
    expect(prober.probeOf('a').media).toMatchObject({ outcome: 'Unable', failures: 0 });
    sfu.answers = false;
    targets = [target('b')];
    await eventually(() =>
      prober.probeOf('b').media?.message === 'POST /probe: no answer within 2000 ms'
        ? undefined
        : 'the silence',
    );
  });

  test('calls all that are due, however few at a time, without waiting to look again', async () => {
    prober.stop();
    prober = createProber({
      ...{ client, clock: systemClock, log: silentLog, tickMs: 3_600_000, parallel: 4, fence: undefined },
      targets: () => targets,
      factsOf: () => facts(),
      onNews: (cluster) => news.push(cluster),
    });
    targets = Array.from({ length: 50 }, (_, index) => target(`p${index}`));
    prober.start();
    await eventually(() => {
      const left = targets.filter(({ name }) => prober.probeOf(name).reach === undefined).length;
      return left === 0 ? undefined : `${left} pods to be called`;
    });
    expect(sfu.requests).toHaveLength(100);
  });

  test('forgets a pod that is gone', async () => {
    prober.start();
    await untilProbed('Passed');
    targets = [];
    await eventually(() => (prober.probeOf('a').media === undefined ? undefined : 'it is still known'));
  });

  test('calls nobody when this replica does not lead, or before its start', () => {
    prober.hurry();
    isLeader = false;
    prober.start();
    prober.hurry();
    targets = [];
    prober.hurry();
    expect(sfu.requests).toEqual([]);
    expect(prober.probeOf('a')).toEqual({});
  });
});
