import { describe, expect, test } from '@jest/globals';
import { reportFiles, type ReportInput } from '../../../operator/cli/views/report.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { secretValues } from '../../support/records.ts';

const { observed, clear } = secretValues();
const pod: KubeObject = {
  ...{
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'calls-sfu-0', managedFields: [{ manager: 'kubelet' }] },
  },
  spec: {
    containers: [
      {
        env: [
          { name: 'MY_API_KEY', value: 'in the clear' },
          { name: 'LOG_LEVEL', value: 'debug' },
        ],
      },
    ],
  },
  status: { podIP: '203.0.113.7', hostIP: '203.0.113.7' },
};
const input: ReportInput = {
  objects: { secrets: observed.found, pods: [pod] },
  secrets: observed.found,
  texts: { 'logs/calls-sfu-0.log': `started with ${clear[0]} at 203.0.113.7 for 198.51.100.9\n` },
  gaps: ['nodes: you may not'],
  versions: { kubernetes: 'v1.34.0' },
  masksAddresses: false,
};
const whole = (change: Partial<ReportInput> = {}): string =>
  JSON.stringify(reportFiles({ ...input, ...change }));

describe('a report', () => {
  test('has no value of any Secret, not even where a log quotes one', () => {
    const text = whole();
    for (const value of clear) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(Buffer.from(value).toString('base64'));
    }
    expect(reportFiles(input)['logs/calls-sfu-0.log']).toContain('started with redacted at');
    expect(text).toContain('adminKey');
  });

  test('has none of a Secret that somebody made, also where a log quotes it as JSON or by the line', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\n-----END PRIVATE KEY-----\n';
    const data = { 'tls.key': Buffer.from(key).toString('base64') };
    const theirs = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'by-hand' }, data };
    const texts = { 'logs/a.log': `${JSON.stringify({ msg: key })}\nline MIIEvQIBADANBgkqhkiG9w0BAQ\n` };
    expect(whole({ secrets: [theirs], texts })).not.toContain('MIIEvQIBADANBgkqhkiG9w0BAQ');
  });

  test('has no variable that is named like a secret, and the others', () => {
    expect(whole()).not.toContain('in the clear');
    expect(whole()).toContain('debug');
  });

  test('says what is missing in it, and why', () => {
    expect(reportFiles(input)['missing.txt']).toBe('nodes: you may not\n');
    expect(reportFiles({ ...input, gaps: [] })).not.toHaveProperty('missing.txt');
  });

  test('masks addresses on demand, the same one by the same name everywhere', () => {
    const files = reportFiles({ ...input, masksAddresses: true });
    expect(files['pods.yaml']).toMatch(/podIP: (address-\d+)\n {2}hostIP: \1/);
    const name = /podIP: (address-\d+)/.exec(files['pods.yaml'] ?? '')?.[1] ?? '';
    expect(files['logs/calls-sfu-0.log']).toContain(`at ${name} for address-`);
    expect(whole({ masksAddresses: true })).not.toContain('203.0.113.7');
    expect(whole()).toContain('203.0.113.7');
  });

  test('masks IPv6 addresses and those in names of nodes, and leaves times, hashes and loopback', () => {
    const line =
      'at 12:34:56 node ip-203-0-113-7.internal told 2001:db8::7 and [2001:DB8:0:0:0:0:0:8]:8443, not ::1, aa:bb:cc:dd:ee:ff, 1-2-3 or calls-sfu-0';
    const files = reportFiles({ ...input, texts: { 'logs/a.log': line }, masksAddresses: true });
    const podIp = /podIP: (address-\d+)/.exec(files['pods.yaml'] ?? '')?.[1] ?? '';
    expect(files['logs/a.log']).toMatch(
      /^at 12:34:56 node ip-address-\d+\.internal told address-\d+ and \[address-\d+\]:8443, not ::1, aa:bb:cc:dd:ee:ff, 1-2-3 or calls-sfu-0$/,
    );
    expect(files['logs/a.log']).toContain(`ip-${podIp}.internal`);
  });
});
