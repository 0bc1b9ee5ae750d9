import { expect, test } from '@jest/globals';
import { iceServersFor, turnWiringOf } from '../../../demo/page/server/turn.ts';

const urls = ['turn:198.51.100.7:3478?transport=udp'];
const variables = {
  MM_CALLS_ICE_SERVERS_CONFIGS: JSON.stringify([{ urls }]),
  MM_CALLS_TURN_STATIC_AUTH_SECRET: 'tell-nobody',
  MM_CALLS_TURN_CREDENTIALS_EXPIRATION_MINUTES: '5',
};

test('a Mattermost without servers or without a secret gives clients none', () => {
  expect(turnWiringOf({})).toBeUndefined();
  expect(turnWiringOf({ ...variables, MM_CALLS_ICE_SERVERS_CONFIGS: '[]' })).toBeUndefined();
  expect(turnWiringOf({ ...variables, MM_CALLS_TURN_STATIC_AUTH_SECRET: undefined })).toBeUndefined();
});

test('a client gets a credential of its own, good for as many minutes as Mattermost was told', () => {
  const wiring = turnWiringOf(variables);
  if (wiring === undefined) throw new Error('no servers');
  // printf 1300:ann | openssl dgst -sha1 -hmac tell-nobody -binary | base64
  const made = { username: '1300:ann', credential: '8OHSNEhUB6hUJRyZVS9RCZ4Zlmg=' };
  expect(iceServersFor(wiring, { user: 'ann', nowMs: 1_000_900 })).toEqual([{ urls, ...made }]);
});

test('a server that has credentials keeps them', () => {
  const own = { urls, username: 'u', credential: 'c' };
  expect(iceServersFor({ servers: [own], secret: 's', ttlSeconds: 60 }, { user: 'ann', nowMs: 0 })).toEqual([
    own,
  ]);
});
