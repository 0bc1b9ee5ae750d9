import { expect, test } from '@jest/globals';

import { firstOfferTimeoutMs } from '../../../../sfu/call/decide/membership.ts';
import { World } from './world.ts';

const ids = (world: World): string[] => [...world.call.sessions.keys()];

test('a join opens a transport and waits ten seconds for the first offer', () => {
  const world = new World().join('ann');
  expect(world.asked('openTransport')).toEqual([{ type: 'openTransport', sessionID: 'ann' }]);
  expect(world.effects).toContainEqual({
    type: 'startTimer',
    sessionID: 'ann',
    timer: 'firstOffer',
    delayMs: firstOfferTimeoutMs,
  });
  expect(world.sent()).toEqual([]);
});

test('without an offer in time the session is closed and the plugin told', () => {
  const world = new World().join('ann').happen({ type: 'timerFired', sessionID: 'ann', timer: 'firstOffer' });
  expect(ids(world)).toEqual([]);
  expect(world.sent()).toEqual([{ connID: 'conn1', type: 'close', text: '' }]);
  expect(world.effects).toContainEqual({ type: 'error', error: 'signaling' });
  expect(world.reasons()).toEqual(['no offer came in time after the join']);
});

test('the answer leaves when DTLS is ready, and names the candidates', () => {
  const world = new World().join('ann').open('ann').offer('ann');
  expect(world.asked('connectTransport')).toMatchObject([
    { fingerprints: [{ algorithm: 'sha-256', value: 'AB:CD' }] },
  ]);
  expect(world.effects).toContainEqual({ type: 'cancelTimer', sessionID: 'ann', timer: 'firstOffer' });
  expect(world.described()).toEqual([]);
  world.happen({ type: 'transportConnected', sessionID: 'ann' });
  expect(world.described()).toMatchObject([
    {
      type: 'answer',
      sdp: expect.stringContaining('a=candidate:udp0 1 udp 2130706431 10.0.0.1 8045 typ host') as unknown,
    },
  ]);
});

test('a client that offers and never connects is closed after thirty seconds', () => {
  const world = new World().join('ann').open('ann').offer('ann');
  expect(world.effects).toContainEqual({
    type: 'startTimer',
    sessionID: 'ann',
    timer: 'iceGrace',
    delayMs: 30_000,
  });
  world.happen({ type: 'timerFired', sessionID: 'ann', timer: 'iceGrace' });
  expect(ids(world)).toEqual([]);
});

test('an offer that comes before the transport is open is answered all the same', () => {
  const world = new World().join('ann').offer('ann').open('ann');
  expect(world.asked('connectTransport')).toHaveLength(1);
});

test('a second join keeps the session and only says who speaks for it', () => {
  const world = new World().enter('ann');
  const before = world.session('ann');
  world.happen({ type: 'join', connID: 'conn2', config: before.config });
  expect(world.session('ann')).toEqual({ ...before, connID: 'conn2' });
  expect(world.effects).toMatchObject([{ type: 'log', text: 'Joined again' }]);
});

test('after a reconnect messages go to the new connection, and close to both', () => {
  const world = new World().enter('ann').happen({ type: 'reconnect', connID: 'conn2', sessionID: 'ann' });
  world.happen({ type: 'leave', sessionID: 'ann' });
  expect(world.sent().map(({ connID, type }) => `${type} ${connID}`)).toEqual(['close conn2', 'close conn1']);
});

test('any message about a session shows which connection speaks for it', () => {
  const world = new World().enter('ann');
  world.connID = 'conn3';
  world.rtc('ann', 3);
  expect(world.session('ann').connID).toBe('conn3');
});

test('events about sessions that are gone change nothing', () => {
  const world = new World().enter('ann').happen({ type: 'leave', sessionID: 'ann' });
  const { call } = world;
  world.happen({ type: 'leave', sessionID: 'ann' }).happen({ type: 'transportConnected', sessionID: 'ann' });
  world.rtc('ann', 3).say('ann', '01');
  expect(world.call).toEqual(call);
  expect(world.effects).toEqual([]);
});

test.each([
  ['not JSON', Buffer.from('{'), 'description is not a JSON object'],
  ['no SDP', Buffer.from('{"type":"offer"}'), 'description has no sdp text'],
  [
    'another type',
    Buffer.from('{"type":"pranswer","sdp":""}'),
    'description type is neither offer nor answer',
  ],
])('a description that is %s is ignored with a reason', (_name, data, reason) => {
  const world = new World().join('ann').open('ann').rtc('ann', 2, data);
  expect(world.reasons()).toEqual([reason]);
  expect(ids(world)).toEqual(['ann']);
});

test.each([
  ['v=0\r\n', 'offer has no DTLS fingerprint'],
  ['nonsense', 'SDP does not start with v=0'],
  ['v=0\r\na=fingerprint:sha-256 AB:CD\r\na=setup:passive\r\n', 'client wants to be DTLS server'],
])('a first offer of %j ends the session', (sdp, reason) => {
  const world = new World().join('ann').open('ann');
  world.rtc('ann', 2, Buffer.from(JSON.stringify({ type: 'offer', sdp })));
  expect(ids(world)).toEqual([]);
  expect(world.reasons()).toEqual([reason]);
});

test.each([
  ['openTransport', 'no worker'],
  ['connectTransport', 'bad fingerprint'],
] as const)('a transport that cannot be had (%s) ends the session with media’s reason', (command, reason) => {
  const world = new World()
    .join('ann')
    .happen({ type: 'failed', sessionID: 'ann', command, mid: '', reason });
  expect(ids(world)).toEqual([]);
  expect(world.reasons()).toEqual([reason]);
});

test('when a worker dies the sessions on it are closed, and no others', () => {
  const world = new World()
    .enter('ann')
    .enter('bob')
    .enter('eve')
    .happen({ type: 'lost', sessionIDs: ['ann', 'bob'], reason: 'media worker died' });
  expect(ids(world)).toEqual(['eve']);
  expect(world.reasons()).toEqual(['media worker died', 'media worker died']);
  expect(world.sent().map(({ type }) => type)).toEqual(['close', 'close']);
});

test('a path that is lost may come back within five seconds', () => {
  const world = new World().enter('ann');
  world.happen({ type: 'iceState', sessionID: 'ann', state: 'disconnected' });
  expect(world.effects).toContainEqual({
    type: 'startTimer',
    sessionID: 'ann',
    timer: 'iceGrace',
    delayMs: 5000,
  });
  world.happen({ type: 'iceState', sessionID: 'ann', state: 'connected' });
  expect(world.effects).toEqual([{ type: 'cancelTimer', sessionID: 'ann', timer: 'iceGrace' }]);
  world.happen({ type: 'timerFired', sessionID: 'ann', timer: 'iceGrace' });
  expect(world.reasons()).toEqual(['there is no path to the client (ICE)']);
});

test.each([
  [{ type: 'dtlsState', sessionID: 'ann', state: 'closed' }, 'the client closed its connection (DTLS)'],
  [{ type: 'dtlsState', sessionID: 'ann', state: 'failed' }, 'DTLS failed'],
  [{ type: 'sctpClosed', sessionID: 'ann' }, 'the client closed its connection (SCTP)'],
  [{ type: 'end', sessionID: 'ann', reason: 'the server stops' }, 'the server stops'],
] as const)('%j ends the session', (event, reason) => {
  const world = new World().enter('ann').happen(event);
  expect(ids(world)).toEqual([]);
  expect(world.reasons()).toEqual([reason]);
});
