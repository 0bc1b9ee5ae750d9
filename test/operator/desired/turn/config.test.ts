import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { turnserverConf } from '../../../../operator/desired/turn/config.ts';
import { deniedPeers } from '../../../../operator/desired/turn/deny.ts';
import { agentSettings, settingsSchema } from '../../../../operator/desired/turn/settings.ts';
import { expectGolden } from '../../../support/golden.ts';
import { aTurnServer } from '../../../support/turnservers.ts';

type Spec = Readonly<Record<string, unknown>>;

const addresses = { own: ['10.0.0.7'], mapped: ['203.0.113.7/10.0.0.7'] };
const conf = (spec: Spec = {}): string => turnserverConf(agentSettings(aTurnServer(spec)), addresses);

describe('turnserver.conf', () => {
  test.each<[string, Spec]>([
    ['minimal', {}],
    ['tls', { tls: { mode: 'Secret', secretName: 'own' } }],
    ['onlyTls', { tls: { mode: 'CertManager' }, network: { ports: { udp: 3478, tcp: 0, dtls: 0 } } }],
    ['denyPrivate', { peers: { default: 'DenyPrivate' } }],
    ['4.6.1', { image: 'coturn/coturn:4.6.1-r0' }],
    ['unknown', { image: 'coturn/coturn:latest', drain: { minAllocations: 3 } }],
  ])('is what the golden file says: %s', (name, spec) => {
    expectGolden(join(import.meta.dirname, 'golden', `${name}.conf`), conf(spec));
  });

  test('never has a secret, which could only be changed by a restart', () => {
    expect(conf()).not.toContain('secret=');
    expect(conf()).toMatch(/^use-auth-secret$/m);
  });

  test('has no limit that is switched off', () => {
    const limits = {
      allocationsPerUser: 0,
      allocationsTotal: 0,
      mbitPerSession: 0,
      unauthenticatedRatePerSecond: 0,
    };
    expect(conf({ limits })).not.toMatch(/quota|max-bps|ratelimit/);
  });

  test('gives who asks for no family an IPv6 address where there is no other', () => {
    const line = 'allocation-default-address-family=ipv6';
    const withOwn = (...own: readonly string[]): string =>
      turnserverConf(agentSettings(aTurnServer()), { own, mapped: [] });
    expect(withOwn('2001:db8::7')).toContain(line);
    expect(withOwn('2001:db8::7', '10.0.0.7')).not.toContain(line);
  });

  test('is not written with a value that would bring a second key', () => {
    const settings = { ...agentSettings(aTurnServer()), realm: 'example.com\nallow-loopback-peers' };
    expect(() => turnserverConf(settings, addresses)).toThrow('realm: must be one line');
  });

  test('denies in ranges, since a network would keep coturn from starting', () => {
    const all = Object.values(deniedPeers).flat();
    expect(all.filter((range) => !/^[\da-f.:]+-[\da-f.:]+$/.test(range))).toEqual([]);
  });

  test('follows from settings that the agent accepts', () => {
    const settings = agentSettings(aTurnServer({ tls: { mode: 'CertManager', issuerRef: { name: 'own' } } }));
    expect(settingsSchema.parse(settings)).toEqual(settings);
  });
});
