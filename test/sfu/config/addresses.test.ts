import { describe, expect, test } from '@jest/globals';
import { addressRules, listenAddresses, type LocalAddress } from '../../../sfu/config/addresses.ts';
import type { Config } from '../../../sfu/config/schema.ts';
import { defaults } from './defaults.ts';

const rtc = (changes: Partial<Config['rtc']>): Config['rtc'] => ({ ...defaults.rtc, ...changes });
const facts = { fileText: undefined, resolvedHost: undefined, bound: ['10.0.0.5', '10.0.1.5'] };

const local: LocalAddress[] = [
  { address: '127.0.0.1', family: 'IPv4', internal: true },
  { address: '10.0.0.5', family: 'IPv4', internal: false },
  { address: 'fe80::1', family: 'IPv6', internal: false },
  { address: '2001:db8::5', family: 'IPv6', internal: false },
];

describe('what media is bound to', () => {
  test.each([
    ['', false, ['10.0.0.5']],
    ['', true, ['10.0.0.5', '2001:db8::5']],
    ['127.0.0.1', false, ['127.0.0.1']],
    [' 10.0.0.5, 10.0.0.6 ', false, ['10.0.0.5', '10.0.0.6']],
  ])('%j with IPv6 %s', (list, isIpv6Enabled, expected) => {
    expect(listenAddresses(list, local, isIpv6Enabled)).toEqual(expected);
  });

  test('a machine without a network has its loopback', () => {
    expect(listenAddresses('', local.slice(0, 1), false)).toEqual(['127.0.0.1']);
  });
});

describe('what clients are told', () => {
  test.each<[string, Partial<Config['rtc']>, object]>([
    ['nothing set', {}, { kind: 'local' }],
    ['one address', { iceHostOverride: '1.2.3.4' }, { kind: 'single', external: '1.2.3.4', port: null }],
    [
      'address and port',
      { iceHostOverride: '1.2.3.4', iceHostPortOverride: '443' },
      { kind: 'single', external: '1.2.3.4', port: 443 },
    ],
    [
      'a port map selects by the first local address in it',
      { iceHostOverride: '1.2.3.4', iceHostPortOverride: '10.0.1.5/3002,10.0.9.9/3003' },
      { kind: 'single', external: '1.2.3.4', port: 3002 },
    ],
    [
      'a host map',
      { iceHostOverride: '1.1.1.1/10.0.0.5,2.2.2.2/10.0.1.5' },
      {
        kind: 'map',
        port: null,
        pairs: [
          { external: '1.1.1.1', internal: '10.0.0.5' },
          { external: '2.2.2.2', internal: '10.0.1.5' },
        ],
      },
    ],
    [
      'with several workers the first ports, so that each has a port of its own outside too',
      { iceHostOverride: '1.2.3.4', iceHostPortOverride: '443', workers: 2 },
      { kind: 'single', external: '1.2.3.4', port: 443, firstPorts: { udp: 8045, tcp: 8045 } },
    ],
    ['a port without a host changes nothing', { iceHostPortOverride: '443' }, { kind: 'local' }],
  ])('%s', (_name, changes, rules) => {
    expect(addressRules(rtc(changes), facts)).toEqual({ ok: true, rules });
  });

  test('a hostname counts once it resolves', () => {
    const changes = rtc({ iceHostOverride: 'rtc.example.org' });
    expect(addressRules(changes, facts)).toEqual({
      ok: false,
      reason: 'rtc.ice_host_override: waiting for rtc.example.org to resolve',
    });
    expect(addressRules(changes, { ...facts, resolvedHost: '5.6.7.8' })).toMatchObject({
      rules: { external: '5.6.7.8' },
    });
  });
});

describe('the address file decides alone where it is configured', () => {
  const withFile = (fileText: string | undefined): ReturnType<typeof addressRules> =>
    addressRules(rtc({ addressFile: '/pod/address', iceHostOverride: '9.9.9.9' }), { ...facts, fileText });

  test.each([undefined, '', ' \n'])('%j is waited for', (text) => {
    expect(withFile(text)).toEqual({ ok: false, reason: 'waiting for an address in /pod/address' });
  });

  test('addresses with and without port, in order', () => {
    expect(withFile('1.2.3.4:3000, 10.0.0.5,[2001:db8::1]:80\n')).toEqual({
      ok: true,
      rules: {
        kind: 'list',
        addresses: [
          { address: '1.2.3.4', port: 3000 },
          { address: '10.0.0.5', port: null },
          { address: '2001:db8::1', port: 80 },
        ],
      },
    });
  });

  test('nonsense is named', () => {
    expect(withFile('1.2.3.4,host')).toEqual({ ok: false, reason: '/pod/address: host is no IP address' });
  });
});
