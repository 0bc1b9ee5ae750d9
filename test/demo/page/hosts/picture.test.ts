import { describe, expect, test } from '@jest/globals';

import { drawPicture, type Seen } from '../../../../demo/page/hosts/picture.ts';
import { judgeWish } from '../../../../demo/page/hosts/wish.ts';
import { annotations } from '../../../../operator/desired/names.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';
import { askedToDrain, clusterObject, personNamed, podObject, seen } from './objects.ts';

const since = '2027-01-12T10:00:00Z';
const published = { name: 'calls-sfu-0', state: 'Published', since };
const call = {
  ...{ callID: 'c', channel: 'town-hall', address: '127.0.1.1', reason: 'lowest cpu_load (1)', asked: [] },
  people: new Map([['ada', personNamed('Ada')]]),
};
const host = (address: string, isFlagged = false): Seen['hosts'][number] => ({
  ...{ address, isFlagged, isConnected: true },
});

describe('a pod', () => {
  test('is shown with what Kubernetes, the plugin and itself tell of it', () => {
    const { pods } = drawPicture(
      seen({
        cluster: clusterObject(published),
        pods: [podObject(0)],
        hosts: [host('127.0.1.1')],
        calls: [call],
        facts: new Map([['127.0.1.1', { sessions: 1, load: 0.25 }]]),
      }),
    );
    expect(pods).toEqual([
      {
        ...{ name: 'calls-sfu-0', node: 'n1', address: '127.0.1.1' },
        ...{ state: 'Published', reason: null, message: null, since, drain: null, deadline: null },
        ...{ facts: { sessions: 1, load: 0.25 }, silence: null, takesNewCalls: true },
        calls: [{ channel: 'town-hall', people: [personNamed('Ada')] }],
        offer: { act: 'drain', reason: 'Calls stay until they end; new ones go elsewhere' },
      },
    ]);
  });

  test('that drains is shown with why, until when, what takes that back, and that it gets no new calls', () => {
    const draining = {
      ...published,
      state: 'Draining',
      drain: 'NodeDrain',
      deadline: '2027-01-12T11:00:00Z',
    };
    const drained = podObject(0, { [annotations.drain]: 'NodeDrain' });
    const [pod] = drawPicture(
      seen({ cluster: clusterObject(draining), pods: [drained], hosts: [host('127.0.1.1', true)] }),
    ).pods;
    expect(pod).toMatchObject({ drain: 'NodeDrain', deadline: draining.deadline, takesNewCalls: false });
    expect(pod?.offer).toMatchObject({ act: 'nothing', reason: expect.stringContaining('kubectl uncordon') });
  });

  test('that tells no numbers is shown with why', () => {
    const silent = (found: Readonly<Record<string, string>>): string | null | undefined =>
      drawPicture(seen({ pods: [podObject(0, found)] })).pods[0]?.silence;
    expect(silent({})).toBe('It has not told its numbers');
    expect(silent({ [annotations.apiTlsSecret]: 'calls-api-tls' })).toContain('TLS');
  });

  test('that the operator has not told of yet is on its way', () => {
    expect(drawPicture(seen({ pods: [podObject(0)] })).pods[0]?.state).toBe('Pending');
  });
});

test('hosts of which nobody knows the pod are shown by their address, and nothing can be asked of them', () => {
  const unwatched = 'no kubeconfig';
  const { pods } = drawPicture(seen({ unwatched, hosts: [host('127.0.0.1')], calls: [] }));
  expect(pods).toMatchObject([
    {
      name: '127.0.0.1',
      state: 'Unknown',
      takesNewCalls: true,
      offer: { act: 'nothing', reason: unwatched },
    },
  ]);
});

test('pods stand in the order of their numbers', () => {
  const { pods } = drawPicture(seen({ pods: [podObject(10), podObject(2)] }));
  expect(pods.map(({ name }) => name)).toEqual(['calls-sfu-2', 'calls-sfu-10']);
});

test('events come newest first, a series with its last time', () => {
  const event = (reason: string, more: object): Seen['events'][number] => ({
    ...{ apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: { name: reason, uid: reason } },
    ...{ reason, type: 'Normal', note: 'pod', ...more },
  });
  const { events } = drawPicture(
    seen({
      events: [
        event('Old', { eventTime: '2027-01-12T10:00:00.000000Z' }),
        event('Again', {
          eventTime: '2027-01-12T09:00:00.000000Z',
          series: { lastObservedTime: '2027-01-12T10:05:00.000000Z' },
        }),
        event('New', { eventTime: '2027-01-12T10:06:00.000000Z', type: 'Warning' }),
      ],
    }),
  );
  expect(events.map(({ reason, isWarning }) => `${reason} ${isWarning}`)).toEqual([
    'New true',
    'Again false',
    'Old false',
  ]);
});

describe('a wish', () => {
  const [drain, undrain] = [
    { pod: 'calls-sfu-0', act: 'drain' },
    { pod: 'calls-sfu-0', act: 'undrain' },
  ] as const;

  const cluster = clusterObject(published);

  test('to drain a pod that serves is granted, and so is to take that back', () => {
    expect(judgeWish(drain, podObject(0), cluster)).toMatchObject({ ok: true, write: 'ask' });
    expect(judgeWish(undrain, podObject(0, askedToDrain), cluster)).toMatchObject({ write: 'takeBack' });
  });

  test('that is fulfilled already changes nothing', () => {
    expect(judgeWish(drain, podObject(0, askedToDrain), cluster)).toMatchObject({
      ok: true,
      write: 'nothing',
    });
    expect(judgeWish(undrain, podObject(0), cluster)).toMatchObject({ ok: true, write: 'nothing' });
  });

  const { metadata, ...rest } = podObject(0);
  const deleted: KubeObject = { ...rest, metadata: { ...metadata, deletionTimestamp: since } };
  const paused: KubeObject = {
    ...cluster,
    metadata: { ...cluster.metadata, annotations: { [annotations.paused]: 'true' } },
  };

  test.each([
    [
      'a drain for another reason',
      podObject(0, { [annotations.drain]: 'ScaleDown' }),
      cluster,
      'wanting more pods',
    ],
    ['a pod that is being deleted', deleted, cluster, 'is being deleted'],
    ['a cluster that is paused', podObject(0), paused, 'is paused'],
    ['a cluster that is not there', podObject(0), undefined, 'is not there'],
  ])('about %s is refused, and says why', (...[, pod, owner, words]) => {
    const verdict = judgeWish(drain, pod, owner);
    expect(verdict).toMatchObject({ ok: false, httpStatus: 409 });
    expect(verdict.reason).toContain(words);
  });

  test('about a pod that is gone is refused', () => {
    expect(judgeWish(drain, undefined, cluster)).toMatchObject({ ok: false, httpStatus: 404 });
  });
});
