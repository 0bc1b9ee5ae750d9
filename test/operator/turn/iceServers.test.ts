import { expect, test } from '@jest/globals';
import { turnUris, turnVariables } from '../../../operator/turn/iceServers.ts';
import { aTurnServer } from '../../support/turnservers.ts';

const issued = { mode: 'Secret', secretName: 'turn-tls' };

test('clients are given the name where there is one, TLS where there is a certificate', () => {
  const { spec } = aTurnServer({ network: { serverName: 'turn.example.com' }, tls: issued });
  expect(turnUris(spec, ['192.0.2.1'])).toEqual([
    'turn:turn.example.com:3478?transport=udp',
    'turn:turn.example.com:3478?transport=tcp',
    'turns:turn.example.com:5349?transport=tcp',
  ]);
});

test('clients are given the addresses of the pods without a name, those by UDP first', () => {
  expect(turnUris(aTurnServer().spec, ['192.0.2.2', '192.0.2.1'])).toEqual([
    'turn:192.0.2.1:3478?transport=udp',
    'turn:192.0.2.2:3478?transport=udp',
    'turn:192.0.2.1:3478?transport=tcp',
    'turn:192.0.2.2:3478?transport=tcp',
  ]);
});

test('an IPv6 address stands in brackets, because browsers refuse a list with a URI that they cannot read', () => {
  const { spec } = aTurnServer({ network: { ports: { tcp: 0 } } });
  expect(turnUris(spec, ['2001:db8::1'])).toEqual(['turn:[2001:db8::1]:3478?transport=udp']);
});

test('a transport with port 0 is not told', () => {
  const { spec } = aTurnServer({ network: { ports: { udp: 0 } } });
  expect(turnUris(spec, ['192.0.2.1'])).toEqual(['turn:192.0.2.1:3478?transport=tcp']);
});

test('Mattermost is given the servers without credentials, the secret and the minutes', () => {
  const { spec } = aTurnServer({ auth: { credentialTTLSeconds: 7200 } });
  expect(turnVariables(spec, { secret: 'shared', uris: ['turn:192.0.2.1:3478?transport=udp'] })).toEqual({
    MM_CALLS_ICE_SERVERS_CONFIGS: '[{"urls":["turn:192.0.2.1:3478?transport=udp"]}]',
    MM_CALLS_TURN_STATIC_AUTH_SECRET: 'shared',
    MM_CALLS_TURN_CREDENTIALS_EXPIRATION_MINUTES: '120',
  });
});

test('without a single server Mattermost is told of none, not of an empty one', () => {
  expect(turnVariables(aTurnServer().spec, { secret: 's', uris: [] })['MM_CALLS_ICE_SERVERS_CONFIGS']).toBe(
    '[]',
  );
});
