/** A fleet that is plain data, for tests of what the host page looks like: two pods in DNS, one that drains at somebody's wish, one on its way. */
import type { ClusterWatch } from '../../demo/page/hosts/watch.ts';
import { judgeWish } from '../../demo/page/hosts/wish.ts';
import type { Call } from '../../demo/page/server/callBook.ts';
import { askedToDrain, clusterObject, personNamed, podObject } from '../demo/page/hosts/objects.ts';

const since = '2027-01-12T10:00:00Z';
const pods = [podObject(0), podObject(1, askedToDrain), podObject(2), podObject(3)];
const member = (index: number, state: string, more: object = {}): object => ({
  ...{ name: `calls-sfu-${index}`, state, since, ...more },
});
const waits = '3 sessions: waits until they have ended (Draining by annotation requested-state by call-page)';
const cluster = clusterObject(
  member(0, 'Published'),
  member(1, 'Draining', { drain: 'Requested', reason: 'SessionsActive', message: waits }),
  member(2, 'Published'),
  member(3, 'Gated', { reason: 'NotReady', message: 'Its container is being started' }),
);
const event = (
  reason: string,
  note: string,
  minute: number,
): ReturnType<ClusterWatch['seen']>['events'][number] => ({
  ...{ apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: { name: reason, uid: reason } },
  ...{ reason, note, type: reason === 'DrainForced' ? 'Warning' : 'Normal' },
  eventTime: `2027-01-12T10:0${minute}:00.000000Z`,
});
const events = [
  event('DrainStarted', 'Pod calls-sfu-1 is drained: Draining by annotation requested-state by call-page', 3),
  event('DeletedPod', 'Deleted pod calls-sfu-4: it had no sessions for 15 s', 2),
  event('DrainForced', 'Pod calls-sfu-5 goes with 1 session: its deadline has passed', 1),
];

/** What it shows never changes; a wish is judged and then forgotten. */
export const plainWatch: ClusterWatch = {
  seen: () => ({ cluster, pods, events }),
  adminKey: () => Promise.resolve(undefined),
  grant: (wish) => {
    const pod = pods.find(({ metadata }) => metadata.name === wish.pod);
    return Promise.resolve(judgeWish(wish, pod, cluster));
  },
  onChange: () => () => undefined,
  close: () => Promise.resolve(),
};

const callOn = (address: string, channel: string, names: readonly string[]): Call => ({
  ...{ callID: channel, channel, address, reason: 'lowest cpu_load (0.3)', asked: [] },
  people: new Map(
    names.map((name, at) => [name, { ...personNamed(name), isSpeaking: at === 0, isMuted: at === 2 }]),
  ),
});

/** The calls on it. */
export const plainCalls: readonly Call[] = [
  callOn('127.0.1.2', 'town-hall', ['Ada', 'Bruno', 'Chloe']),
  callOn('127.0.1.1', 'design-review-of-the-new-cluster', ['Dimitra', 'Emil']),
];
