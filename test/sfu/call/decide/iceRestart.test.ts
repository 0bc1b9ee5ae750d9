import { expect, test } from '@jest/globals';

import { iceGraceMs } from '../../../../sfu/call/decide/transport.ts';
import { World } from './world.ts';

/** A user who is in with ICE credentials of their own. */
function entered(): World {
  const world = new World();
  world.credentials = { ufrag: 'old', pwd: 'old-password' };
  return world.enter('ann');
}

/** The user offers as before, with other credentials. */
function restart(world: World): World {
  world.credentials = { ufrag: 'new', pwd: 'new-password' };
  return world.change('ann', []);
}

const restarted = (world: World): World =>
  world.happen({ type: 'iceRestarted', sessionID: 'ann', iceUfrag: 'u2', icePwd: 'p2' });

test('an offer with the same credentials restarts nothing', () => {
  const world = entered().change('ann', []);
  expect(world.asked('restartIce')).toEqual([]);
  expect(world.described()).toHaveLength(1);
});

test('an offer with new credentials restarts ICE, and the answer tells ours', () => {
  const world = restart(entered());
  expect(world.asked('restartIce')).toEqual([{ type: 'restartIce', sessionID: 'ann' }]);
  expect(world.described()).toEqual([]);
  const [answer] = restarted(world).described();
  expect(answer?.sdp).toContain('a=ice-ufrag:u2\r\na=ice-pwd:p2\r\n');
  expect(world.asked('connectTransport')).toEqual([]);
});

test('offers of ours tell the new credentials from then on', () => {
  const world = restarted(restart(entered()));
  world.enter('bob').unmute('bob');
  world.consumed('ann', 's2');
  expect(world.described()[0]).toMatchObject({
    type: 'offer',
    sdp: expect.stringContaining('a=ice-ufrag:u2'),
  });
});

test('the restart happens once, however often the offer is repeated', () => {
  const world = restarted(restart(entered()));
  expect(world.change('ann', []).asked('restartIce')).toEqual([]);
});

test('tracks of the user go on', () => {
  const world = entered();
  const producerID = world.unmute('ann');
  restarted(restart(world));
  expect([...world.call.tracks.keys()]).toEqual([producerID]);
});

test('a lost path gets the time of a new one, one that still works is not put to the test', () => {
  const lost = entered().happen({ type: 'iceState', sessionID: 'ann', state: 'disconnected' });
  expect(lost.effects).toContainEqual(timer(iceGraceMs));
  expect(restart(lost).effects).toContainEqual(timer(30_000));
  expect(restart(entered()).effects).not.toContainEqual(expect.objectContaining({ type: 'startTimer' }));
});

test('a restart that media cannot do ends the session with the reason', () => {
  const world = restart(entered());
  world.happen({
    type: 'failed',
    sessionID: 'ann',
    command: 'restartIce',
    mid: '',
    reason: 'the worker is gone',
  });
  expect(world.sent()).toMatchObject([{ type: 'close' }]);
  expect(world.reasons()).toEqual(['the worker is gone']);
});

function timer(delayMs: number): unknown {
  return { type: 'startTimer', sessionID: 'ann', timer: 'iceGrace', delayMs };
}
