/** DNS is faked: its answers have to change at given moments. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { externalNames } from '../../../operator/facts/externalNames.ts';
import { createNameWatch, type NameWatch } from '../../../operator/facts/nameWatch.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import { createFakeClock, type FakeClock } from '../../support/fakeClock.ts';

const cluster = 'mattermost/calls';
let clock: FakeClock;
let watch: NameWatch;
let answer: readonly string[] | string;
let names: { cluster: string; hostname: string }[];
let news: number;

beforeEach(async () => {
  [clock, answer, news] = [createFakeClock({ wallMs: 1_000_000 }), ['10.0.0.2', '10.0.0.1'], 0];
  names = [{ cluster, hostname: 'rtc.example.com' }];
  watch = createNameWatch({
    ...{ clock, log: silentLog, periodMs: 10_000, names: () => names, onNews: () => news++ },
    resolve: () =>
      typeof answer === 'string'
        ? Promise.reject(Object.assign(new Error(answer), { code: answer }))
        : Promise.resolve(answer),
  });
  await watch.start();
});
afterEach(() => watch.stop());

describe('a name outside the cluster', () => {
  test('is known once the start has ended', () => {
    expect(watch.of(cluster)).toEqual({
      hostname: 'rtc.example.com',
      addresses: ['10.0.0.1', '10.0.0.2'],
      namedAtMs: { '10.0.0.1': 1_000_000, '10.0.0.2': 1_000_000 },
    });
  });

  test('is told of when its answer changes, and not when only the order does', async () => {
    answer = ['10.0.0.1', '10.0.0.2'];
    await clock.advance(10_000);
    expect(news).toBe(1);
    answer = ['10.0.0.1'];
    await clock.advance(10_000);
    expect(news).toBe(2);
  });

  test('remembers for an hour when it last led to an address that is gone', async () => {
    answer = ['10.0.0.1'];
    await clock.advance(10_000);
    expect(watch.of(cluster)?.namedAtMs).toEqual({ '10.0.0.1': 1_010_000, '10.0.0.2': 1_000_000 });
    await clock.advance(3_600_000);
    expect(Object.keys(watch.of(cluster)?.namedAtMs ?? {})).toEqual(['10.0.0.1']);
  });

  test('has no addresses when it is not there', async () => {
    answer = 'ENOTFOUND';
    await clock.advance(10_000);
    expect(watch.of(cluster)).toMatchObject({ addresses: [], problem: 'ENOTFOUND' });
  });

  test('keeps its addresses while DNS says nothing: no answer is no sign that they are gone', async () => {
    answer = 'ETIMEOUT';
    await clock.advance(10_000);
    expect(watch.of(cluster)).toMatchObject({ addresses: ['10.0.0.1', '10.0.0.2'], problem: 'ETIMEOUT' });
  });

  test('begins anew when the cluster has another one, and is forgotten without', async () => {
    names = [{ cluster, hostname: 'other.example.com' }];
    answer = [];
    await clock.advance(10_000);
    expect(watch.of(cluster)).toEqual({ hostname: 'other.example.com', addresses: [], namedAtMs: {} });
    names = [];
    await clock.advance(10_000);
    expect(watch.of(cluster)).toBeUndefined();
  });
});

test('names are read from the clusters that have one', () => {
  const object = (name: string, spec: object) => {
    return { apiVersion: 'a', kind: 'RTCCluster', metadata: { namespace: 'mattermost', name }, spec };
  };
  const external = { hostname: 'rtc.example.com' };
  expect(externalNames([object('calls', { discovery: { external } }), object('inside', {})])).toEqual([
    { cluster, hostname: 'rtc.example.com' },
  ]);
});
