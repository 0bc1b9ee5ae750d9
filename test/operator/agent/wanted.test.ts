import { describe, expect, test } from '@jest/globals';
import type { Mounted } from '../../../operator/agent/mounted.ts';
import { wantedOf } from '../../../operator/agent/wanted.ts';
import { agentSettings } from '../../../operator/desired/turn/settings.ts';
import { aTurnServer } from '../../support/turnservers.ts';

const settingsOf = (spec: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify(agentSettings(aTurnServer(spec)));

const mounted: Mounted = {
  settings: settingsOf(),
  secret: 'north',
  previous: undefined,
  next: undefined,
  peers: '10.0.0.3\n10.20.0.0-10.20.255.255\n',
  address: '203.0.113.7',
  certificate: undefined,
  privateKey: undefined,
};
const place = { addresses: ['10.0.0.7', 'fd00::7'], files: { run: '/run/turn', tls: '/etc/turn/tls' } };
const wanted = (change: Partial<Mounted> = {}): ReturnType<typeof wantedOf> =>
  wantedOf({ ...mounted, ...change }, place);

describe('what coturn is to have', () => {
  test('is the file, the secrets with the current one first, and the peers', () => {
    const { conf, secrets, peers, problems } = wanted({ next: 'south', previous: 'east' });
    expect(conf).toContain('external-ip=203.0.113.7/10.0.0.7\n');
    expect(conf).toContain('listening-ip=fd00::7\nrelay-ip=fd00::7\n');
    expect(secrets).toEqual(['north', 'south', 'east']);
    expect(peers).toEqual(['10.0.0.3', '10.20.0.0-10.20.255.255']);
    expect(problems).toEqual([]);
  });

  test('has each secret once, whichever keys hold it', () => {
    expect(wanted({ previous: 'north', next: '' }).secrets).toEqual(['north']);
  });

  test('tells clients of an address with a port as an address, and of its own as it is', () => {
    expect(wanted({ address: '203.0.113.9:8045, 10.0.0.7' }).conf).toContain('203.0.113.9/10.0.0.7');
    expect(wanted({ address: '10.0.0.7' }).conf).not.toContain('external-ip');
  });

  test('behind a load balancer waits for no address, and maps none', () => {
    const { conf } = wanted({ settings: settingsOf({ network: { mode: 'LoadBalancer' } }), address: '' });
    expect(conf).toContain('listening-port=3478');
    expect(conf).not.toContain('external-ip');
  });
});

describe('coturn does not start', () => {
  test.each<[string, Partial<Mounted>, RegExp]>([
    ['without settings', { settings: undefined }, /^agent.json: is not mounted/],
    ['with settings that are no JSON', { settings: '{' }, /^agent.json: is no JSON/],
    ['with settings of another operator', { settings: '{"realm":1}' }, /^agent.json: realm: .* one version$/],
    ['without an address', { address: '\n' }, /^address: the annotation/],
    ['without a secret', { secret: undefined }, /^secret: the Secret of auth.secretName/],
    [
      'without the certificate it is to serve',
      { settings: settingsOf({ tls: { mode: 'Secret', secretName: 'own' } }) },
      /^tls.crt: is not in the Secret/,
    ],
    [
      'with a certificate that is none',
      {
        settings: settingsOf({ tls: { mode: 'Secret', secretName: 'own' } }),
        certificate: 'x',
        privateKey: 'y',
      },
      /^tls.crt and tls.key cannot be used together/,
    ],
  ])('%s, and says which file it waits for', (_, change, message) => {
    const { conf, waitsFor } = wanted(change);
    expect(conf).toBeUndefined();
    expect(waitsFor).toMatch(message);
  });
});

describe('what vanishes while coturn runs', () => {
  test('takes no secret from it: a deleted Secret must not turn every caller away', () => {
    const { secrets, problems } = wanted({ secret: undefined });
    expect(secrets).toBeUndefined();
    expect(problems).toEqual([expect.stringContaining('has no key "secret"')]);
  });

  test('takes no peer from it, but an empty list takes all', () => {
    expect(wanted({ peers: undefined }).peers).toBeUndefined();
    expect(wanted({ peers: '\n' }).peers).toEqual([]);
  });
});

test.each([
  ['10.0.0.0/8', 'is neither an address nor first-last'],
  ['example.com', 'is neither an address nor first-last'],
  ['10.0.0.1-fd00::1', 'is neither an address nor first-last'],
  ['10.0.0.1-10.0.0.2-10.0.0.3', 'is neither an address nor first-last'],
  ['0.0.0.0', 'every address of both families'],
  ['0.0.0.0-10.0.0.1', 'every address of both families'],
  ['::', 'every address of both families'],
])('the line %s of peers is no row, and told: %s', (line, problem) => {
  const { peers, problems } = wanted({ peers: `10.0.0.3\n${line}\n` });
  expect(peers).toEqual(['10.0.0.3']);
  expect(problems).toEqual([expect.stringContaining(problem)]);
  expect(problems[0]).toContain(line);
});

test('a secret that clients would read otherwise is told by its key, never by its value', () => {
  const { problems } = wanted({ next: 'south east\n' });
  expect(problems).toEqual([expect.stringMatching(/^next: the value in the Secret of auth.secretName/)]);
  expect(JSON.stringify(problems)).not.toContain('south');
});
