/** The operator asks SFU pods over real TLS; the SFU behind it is faked. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSfuClient, type SfuClient } from '../../../operator/facts/client.ts';
import type { Trust } from '../../../operator/facts/dispatchers.ts';
import { targetOf } from '../../../operator/facts/targets.ts';
import { createAuthority } from '../../cluster/certificates.ts';
import { startFakeSfu, type FakeSfu } from '../../support/fakeSfu.ts';

const name = 'calls-rtcd.mattermost.svc';
const authority = createAuthority('ours');
const pair = authority.issue({ subject: { commonName: 'api' }, usage: 'server', names: [name] });
let sfu: FakeSfu;
let client: SfuClient;
beforeEach(async () => {
  sfu = await startFakeSfu('127.0.0.1', 0, pair);
  client = createSfuClient({ timeoutMs: 1_000, keepAliveMs: 1_000 });
});
afterEach(async () => {
  await client.close();
  await sfu.close();
});

const look = (trust: Trust): ReturnType<SfuClient['look']> =>
  client.look({ origin: `https://127.0.0.1:${sfu.port}`, adminKey: 'key', trust });

test('a pod is asked when its certificate is from that authority and for one of the names', async () => {
  const trust = { ca: authority.certificate, names: ['calls.example.com', name] };
  expect(await look(trust)).toMatchObject({ answered: true });
});

test.each<[string, Trust, RegExp]>([
  ['is for another name', { ca: authority.certificate, names: ['else'] }, /ALTNAME_INVALID/],
  ['is from another authority', { ca: createAuthority('theirs').certificate, names: [name] }, /./],
  ['is from an authority that browsers do not know', { names: [name] }, /./],
])('no key is sent to a pod whose certificate %s', async (_, trust, message) => {
  const answer = await look(trust);
  expect(answer).toEqual({ answered: false, message: expect.stringMatching(message) as unknown });
  expect(sfu.requests).toEqual([]);
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    ...{ name: 'calls-sfu-0', namespace: 'mattermost', uid: 'u' },
    labels: { 'rtc.progressnet.gr/cluster': 'calls' },
    annotations: {
      'rtc.progressnet.gr/api-port': '8443',
      'rtc.progressnet.gr/api-tls-secret': 'calls-api-tls',
      'rtc.progressnet.gr/api-names': `calls.example.com,${name}`,
    } as Record<string, string>,
  },
  status: { podIP: '10.0.0.1' },
};
const secrets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'calls-admin': { adminKey: base64('key') },
  'calls-api-tls': { 'tls.crt': base64(pair.certificate), 'ca.crt': base64(authority.certificate) },
};
const lookup: Parameters<typeof targetOf>[1] = (_, secret) => ({
  ...pod,
  kind: 'Secret',
  data: secrets[secret],
});

test('a pod says which Secret and names its certificate has', () => {
  expect(targetOf(pod, lookup)).toMatchObject({
    origin: 'https://10.0.0.1:8443',
    trust: { ca: authority.certificate, names: ['calls.example.com', name] },
  });
});

test('a pod that has no name yet is not asked: anybody could answer', () => {
  const annotations = { ...pod.metadata.annotations, 'rtc.progressnet.gr/api-names': '' };
  expect(targetOf({ ...pod, metadata: { ...pod.metadata, annotations } }, lookup)).toBeUndefined();
});
