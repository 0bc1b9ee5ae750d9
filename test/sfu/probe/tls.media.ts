/** Probe calls between servers whose API speaks TLS. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProbeClient } from '../../../operator/facts/probeClient.ts';
import type { ProbeAnswer } from '../../../operator/facts/probeAnswer.ts';
import { createAuthority } from '../../cluster/certificates.ts';
import { type SfuProcess, startSfu } from '../process.ts';

const name = 'calls-rtcd.mattermost.svc';
const authority = createAuthority('internal');
let dir: string;
let sfu: SfuProcess;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'rtc-probe-'));
  const { key, certificate } = authority.issue({
    ...{ subject: { commonName: 'api' }, usage: 'server', names: [name] },
  });
  writeFileSync(join(dir, 'tls.key'), key);
  writeFileSync(join(dir, 'tls.crt'), certificate);
  sfu = await startSfu({
    RTCD_API_HTTP_TLS_ENABLE: 'true',
    RTCD_API_HTTP_TLS_CERTFILE: join(dir, 'tls.crt'),
    RTCD_API_HTTP_TLS_CERTKEY: join(dir, 'tls.key'),
  });
}, 60_000);
afterAll(async () => {
  await sfu.stop();
  rmSync(dir, { recursive: true });
});

/** The operator has the server call itself, and trusts it; the server is told to trust `names` by `ca`. */
async function probe(names: readonly string[], ca: string): Promise<ProbeAnswer> {
  const by = { origin: sfu.url, adminKey: 'admin_secret_key' };
  const client = createProbeClient({ timeoutMs: 20_000 });
  const trusted = { ...by, trust: { names: [name], ca: authority.certificate } };
  const target = { ...by, trust: { names, ca } };
  const answer = await client.probe(trusted, { target, addresses: ['127.0.0.1'] });
  await client.close();
  return answer;
}

test('a server is called over TLS when its certificate is for the name, by the authority that is told', async () => {
  expect(await probe([name], authority.certificate)).toMatchObject({
    outcome: 'Passed',
    message: '2 paths work',
  });
}, 30_000);

test.each([
  ['another name', ['other.example.com'], authority.certificate],
  ['another authority', [name], createAuthority('stranger').certificate],
])(
  'a server whose certificate is of %s is not called',
  async (_, names, ca) => {
    const answer = await probe(names, ca);
    expect(answer.outcome).toBe('Unable');
    expect(answer.message).toContain(`the API at ${sfu.url} cannot be used`);
  },
  30_000,
);
