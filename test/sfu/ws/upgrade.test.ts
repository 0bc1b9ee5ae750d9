import { expect, test } from '@jest/globals';
import { upgradeProblem } from '../../../sfu/ws/upgrade.ts';

const good = {
  host: 'rtc.example.org:8443',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'x',
};

test('a WebSocket upgrade without Origin, or with our own, is taken', () => {
  expect(upgradeProblem('GET', good)).toBeUndefined();
  expect(upgradeProblem('GET', { ...good, upgrade: 'WebSocket' })).toBeUndefined();
  expect(upgradeProblem('GET', { ...good, origin: 'https://RTC.example.org:8443' })).toBeUndefined();
});

test.each([
  ['another method', 'POST', good, 400],
  ['another protocol', 'GET', { ...good, upgrade: 'h2c' }, 400],
  ['another version', 'GET', { ...good, 'sec-websocket-version': '12' }, 400],
  ['no key', 'GET', { host: good.host, upgrade: 'websocket', 'sec-websocket-version': '13' }, 400],
  ['a foreign origin', 'GET', { ...good, origin: 'https://evil' }, 403],
  ['an origin that is none', 'GET', { ...good, origin: 'null' }, 403],
] as const)('%s is refused', (...[, method, headers, code]) => {
  expect(upgradeProblem(method, headers)?.code).toBe(code);
});
