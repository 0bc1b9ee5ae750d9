import { expect, test } from '@jest/globals';
import { countWays, wayText, type Way } from '../../../demo/matrix/way.ts';

const url = 'turn:198.51.100.7:3478?transport=udp';
const relayed: Way = { kind: 'relay', relayProtocol: 'udp', url };

test('a way is told by the relay and how it is reached, or as direct', () => {
  expect(wayText(relayed)).toBe(`relayed over UDP by ${url}`);
  expect(wayText({ kind: 'prflx' })).toBe('direct');
  expect(wayText(undefined)).toBe('no path');
});

test('who has no way is on none', () => {
  expect(countWays([relayed, { kind: 'host' }, { kind: 'srflx' }, undefined])).toEqual({
    direct: 2,
    relayed: 1,
  });
});
