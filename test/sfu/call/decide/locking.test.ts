import { expect, test } from '@jest/globals';

import { answeredLeaseMs, offerLeaseMs } from '../../../../sfu/call/decide/lock.ts';
import { World } from './world.ts';

const granted = '07c3';
const refused = '07c2';
const microphone = [
  { mid: 's0', direction: 'sendrecv', ssrc: 5 },
  { mid: 's1', kind: 'video' },
] as const;
const lease = (delayMs: number) => ({ type: 'startTimer', sessionID: 'bob', timer: 'lease', delayMs });

test('a free lock is granted, a held one refused at once', () => {
  const world = new World().enter('bob').say('bob', '07');
  expect(world.said()).toEqual([granted]);
  expect(world.effects).toContainEqual(lease(offerLeaseMs));
  expect(world.say('bob', '07').said()).toEqual([refused]);
});

test('before the seed is answered the lock is ours', () => {
  const world = new World().join('bob').open('bob').offer('bob');
  world.happen({ type: 'transportConnected', sessionID: 'bob' }).say('bob', '01');
  expect(world.say('bob', '07').said()).toEqual([refused]);
  world.answer('bob');
  expect(world.say('bob', '07').said()).toEqual([granted]);
});

test('while the client holds the lock our offer waits, and comes with the unlock', () => {
  const world = new World().enter('ann').enter('bob').say('bob', '07');
  world.unmute('ann');
  expect(world.asked('consume')).toEqual([]);
  world.nowMs += 250;
  world.say('bob', '08');
  expect(world.asked('consume')).toMatchObject([{ sessionID: 'bob' }]);
  expect(world.effects).toContainEqual({ type: 'timing', timing: 'lockGrabTime', value: 0.25 });
  expect(world.effects).toContainEqual({ type: 'timing', timing: 'lockLockedTime', value: 0.25 });
  expect(world.session('bob').lock.owner).toBe('server');
});

test('the lease stops for an offer and starts again with its answer', () => {
  const world = new World().enter('bob').say('bob', '07').offer('bob', microphone);
  expect(world.effects).toContainEqual({ type: 'cancelTimer', sessionID: 'bob', timer: 'lease' });
  world.produced('bob', 's0');
  expect(world.effects).toContainEqual(lease(answeredLeaseMs));
});

test('a client that keeps the lock loses it, and hears what was waiting', () => {
  const world = new World().enter('ann').enter('bob').say('bob', '07');
  world.unmute('ann');
  world.happen({ type: 'timerFired', sessionID: 'bob', timer: 'lease' });
  expect(world.effects).toContainEqual({ type: 'error', error: 'signaling_lock_timeout' });
  expect(world.reasons()).toEqual(['the client kept it too long']);
  expect(world.asked('consume')).toMatchObject([{ sessionID: 'bob' }]);
});

test('an unlock while the lock is ours does not free it', () => {
  const world = new World().enter('ann').enter('bob');
  world.unmute('ann');
  world.consumed('bob', 's2').say('bob', '08');
  expect(world.session('bob').lock.owner).toBe('server');
  expect(world.reasons()).toEqual(['lock is held by server']);
  expect(world.answer('bob').session('bob').lock.owner).toBeNull();
});

test('when the removal that we took the lock for comes by a client’s offer, the lock is freed', () => {
  const world = new World().enter('ann').enter('bob').enter('cyd');
  world.unmute('ann');
  world.consumed('bob', 's2').answer('bob');
  world.unmute('cyd');
  expect(world.session('bob').negotiation.phase).toBe('preparing');
  world.happen({ type: 'leave', sessionID: 'cyd' });
  world.offer('bob', [{ mid: 's0' }, { mid: 's1', kind: 'video' }, { mid: 's2', direction: 'recvonly' }]);
  expect(world.session('bob').negotiation.phase).toBe('idle');
  expect(world.session('bob').lock.owner).toBeNull();
});
