/** How the real server starts, or says why it cannot. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { parse as parseYaml } from 'yaml';
import { writeCertificate } from '../support/certificate.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/ports.ts';
import { spawnSfu, startSfu, type SfuProcess } from './process.ts';

let sfu: SfuProcess;
afterEach(() => sfu.stop());

const guide = join(import.meta.dirname, 'config/guide');

/** A network namespace with nothing but loopback, so that the guide's ports are free. */
const ownNetwork = ['unshare', '-rn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];

test("the compose environment of the owner's guide serves on the guide's ports", async () => {
  const text = readFileSync(join(guide, 'docker-compose.rtc.yml.txt'), 'utf8');
  const compose = parseYaml(text) as { services: { rtcd: { environment: string[] } } };
  const variables = compose.services.rtcd.environment.map((line) => line.split(/=(.*)/s).slice(0, 2));
  const hadStore = existsSync('/tmp/rtcd_db');
  sfu = spawnSfu(Object.fromEntries(variables) as Record<string, string>, { wrap: ownNetwork });
  await eventually(() => (sfu.output().includes('Serving') ? undefined : sfu.output()));
  expect(sfu.output()).toMatch(/Serving api=0\.0\.0\.0:8443 addresses=\["127\.0\.0\.1:8045"\]/);
  if (!hadStore) rmSync('/tmp/rtcd_db', { recursive: true, force: true });
});

test("the command of the guide's unit file does the same from its config.toml", async () => {
  const unit = readFileSync(join(guide, 'rtcd.service.txt'), 'utf8');
  const [, ...args] = /^ExecStart=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? [];
  sfu = spawnSfu(
    { RTCD_STORE_DATASOURCE: 'clients' },
    {
      args: args.map((arg) => arg.replace('/etc/rtcd/config.toml', join(guide, 'config.toml.txt'))),
      wrap: ownNetwork,
    },
  );
  await eventually(() => (sfu.output().includes('Serving') ? undefined : sfu.output()));
  expect(sfu.output()).toMatch(/Serving api=0\.0\.0\.0:8443 addresses=\["127\.0\.0\.1:8045"\]/);
  sfu.child.kill('SIGTERM');
  await eventually(() => (sfu.exitCode() === 0 ? undefined : sfu.output()));
});

test.each([
  [
    'API',
    (port: number) => ({ RTCD_API_HTTP_LISTENADDRESS: `127.0.0.1:${port}` }),
    'api.http.listen_address',
  ],
  ['media', (port: number) => ({ RTCD_RTC_ICEPORTTCP: String(port) }), 'tcp'],
])('at start an occupied %s port ends it with 1 and what to do', async (_name, envOf, key1) => {
  const other = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  sfu = spawnSfu({
    RTCD_API_HTTP_LISTENADDRESS: `127.0.0.1:${await freePort()}`,
    RTCD_RTC_ICEADDRESSUDP: '127.0.0.1',
    RTCD_RTC_ICEADDRESSTCP: '127.0.0.1',
    RTCD_RTC_ICEPORTUDP: String(await freePort()),
    RTCD_RTC_ICEPORTTCP: String(await freePort()),
    RTCD_STORE_DATASOURCE: 'clients',
    RTCD_LOGGER_ENABLEFILE: 'false',
    ...envOf(port),
  });
  await eventually(() => (sfu.exitCode() === 1 ? undefined : sfu.output()));
  expect(sfu.output()).toContain(String(port));
  expect(sfu.output()).toContain(key1);
  expect(sfu.output()).toMatch(/in use/);
  other.close();
});

test.each([
  [{}, 0, 'The configuration is valid.'],
  [{ RTCD_RTC_ICEPORTUDP: 'x', RTCD_NOPE: '1' }, 1, 'The configuration has 2 problems.'],
])('--check-config with %j exits %d', async (env, code, verdict) => {
  sfu = spawnSfu(env, { args: ['--check-config'] });
  await eventually(() => (sfu.exitCode() === code ? undefined : sfu.output()));
  await eventually(() => (sfu.output().trimEnd().endsWith(verdict) ? undefined : sfu.output()));
});

test('with a certificate it serves HTTPS, and takes up a renewed one without a restart', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'rtc-tls-'));
  const { cert, key: pem } = writeCertificate(dir, { host: 'localhost', addresses: ['127.0.0.1'] });
  sfu = await startSfu({
    RTCD_API_HTTP_TLS_ENABLE: 'true',
    RTCD_API_HTTP_TLS_CERTFILE: cert,
    RTCD_API_HTTP_TLS_CERTKEY: pem,
  });
  const version = await new Promise<string>((resolve, reject) => {
    request(`${sfu.url}/version`, { ca: readFileSync(cert) }, (response) => {
      response.on('data', (data: Buffer) => resolve(data.toString()));
    })
      .on('error', reject)
      .end();
  });
  expect(version).toContain('"buildVersion":"v1.2.6');
  writeCertificate(dir, { host: 'renewed', addresses: ['127.0.0.1'] });
  await eventually(() =>
    sfu.output().includes('Loaded certificate subject="CN=renewed"') ? undefined : sfu.output(),
  );
  rmSync(dir, { recursive: true });
});
