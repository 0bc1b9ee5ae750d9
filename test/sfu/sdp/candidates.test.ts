import { describe, expect, test } from '@jest/globals';

import { advertise, type AddressRules, candidateLines } from '../../../sfu/sdp/candidates.ts';

const bound = (...addresses: string[]) =>
  (['udp', 'tcp'] as const).flatMap((protocol) =>
    addresses.map((address) => ({ protocol, address, port: 8045 })),
  );

function advertised(addresses: string[], rules: AddressRules): string[] {
  return advertise(bound(...addresses), rules).map((one) => `${one.protocol} ${one.address}:${one.port}`);
}

describe('addresses for clients', () => {
  test.each<[string, string[], AddressRules, string[]]>([
    [
      'are the local ones without a rule',
      ['10.0.0.1'],
      { kind: 'local' },
      ['udp 10.0.0.1:8045', 'tcp 10.0.0.1:8045'],
    ],
    [
      'leave loopback out',
      ['10.0.0.1', '127.0.0.1'],
      { kind: 'local' },
      ['udp 10.0.0.1:8045', 'tcp 10.0.0.1:8045'],
    ],
    [
      'are loopback when nothing else is bound',
      ['127.0.0.1'],
      { kind: 'local' },
      ['udp 127.0.0.1:8045', 'tcp 127.0.0.1:8045'],
    ],
    [
      'are the override, once for each protocol',
      ['10.0.0.1', '10.0.0.2', '127.0.0.1'],
      { kind: 'single', external: '203.0.113.5', port: null },
      ['udp 203.0.113.5:8045', 'tcp 203.0.113.5:8045'],
    ],
    [
      'are the override even of loopback, when that is the only one',
      ['127.0.0.1'],
      { kind: 'single', external: '203.0.113.5', port: 443 },
      ['udp 203.0.113.5:443', 'tcp 203.0.113.5:443'],
    ],
    [
      'keep the family that is not overridden',
      ['10.0.0.1', '2001:db8::1'],
      { kind: 'single', external: '203.0.113.5', port: null },
      ['udp 203.0.113.5:8045', 'udp 2001:db8::1:8045', 'tcp 203.0.113.5:8045', 'tcp 2001:db8::1:8045'],
    ],
    [
      'follow the map, and only mapped ones get the other port',
      ['10.0.0.1', '10.0.0.2'],
      { kind: 'map', pairs: [{ external: '203.0.113.5', internal: '10.0.0.1' }], port: 30_045 },
      ['udp 203.0.113.5:30045', 'udp 10.0.0.2:8045', 'tcp 203.0.113.5:30045', 'tcp 10.0.0.2:8045'],
    ],
    [
      'are the list, the first first',
      ['10.0.0.1'],
      {
        kind: 'list',
        addresses: [
          { address: '203.0.113.5', port: 30_045 },
          { address: '10.0.0.1', port: null },
        ],
      },
      ['udp 203.0.113.5:30045', 'tcp 203.0.113.5:30045', 'udp 10.0.0.1:8045', 'tcp 10.0.0.1:8045'],
    ],
  ])('%s', (...[, addresses, rules, expected]) => {
    expect(advertised(addresses, rules)).toEqual(expected);
  });
});

test.each<[string, AddressRules]>([
  ['an override', { kind: 'single', external: '203.0.113.5', port: 30_000 }],
  ['a map', { kind: 'map', pairs: [{ external: '203.0.113.5', internal: '10.0.0.1' }], port: 30_000 }],
  ['a list', { kind: 'list', addresses: [{ address: '203.0.113.5', port: 30_000 }] }],
])('worker i is reached on the port of %s plus i', (_name, rules) => {
  const second = bound('10.0.0.1').map((one) => ({ ...one, port: one.port + 1 }));
  const told = advertise(second, { ...rules, firstPorts: { udp: 8045, tcp: 8045 } });
  expect(told.map((one) => `${one.protocol} ${one.address}:${one.port}`)).toEqual([
    'udp 203.0.113.5:30001',
    'tcp 203.0.113.5:30001',
  ]);
});

test('candidates prefer UDP, and TCP is passive', () => {
  const lines = candidateLines(bound('203.0.113.5'));
  expect(lines).toEqual([
    'candidate:udp0 1 udp 2130706431 203.0.113.5 8045 typ host',
    'candidate:tcp1 1 tcp 1526726399 203.0.113.5 8045 typ host tcptype passive',
  ]);
});
