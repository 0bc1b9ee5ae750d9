import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type PeerCertificate, type SecureVersion, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { serveCertificate } from '../../../sfu/app.ts';
import { readTlsFiles, tlsProblem } from '../../../sfu/config/tlsFiles.ts';
import { reloadTls } from '../../../sfu/http/tlsReload.ts';
import { createAuthority } from '../../cluster/certificates.ts';
import { eventually } from '../../support/eventually.ts';
import { createTestServer, type TestServer } from './server.ts';

let dir = '';
let server: TestServer;
let stop: () => void = () => undefined;
const logged: Record<string, unknown>[] = [];
const log = pino({}, { write: (line: string) => void logged.push(JSON.parse(line) as never) });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rtc-tls-'));
  logged.splice(0);
});
afterEach(async () => {
  stop();
  await server.close();
  rmSync(dir, { recursive: true });
});

const paths = (): { certFile: string; certKey: string } => ({
  certFile: join(dir, 'tls.crt'),
  certKey: join(dir, 'tls.key'),
});

function issue(commonName: string): { readonly key: string; readonly certificate: string } {
  return createAuthority('ca').issue({ subject: { commonName }, usage: 'server', names: ['127.0.0.1'] });
}

function write({ key, certificate }: { readonly key?: string; readonly certificate?: string }): void {
  if (certificate !== undefined) writeFileSync(paths().certFile, certificate);
  if (key !== undefined) writeFileSync(paths().certKey, key);
}

/** Serves what is on disk, and looks again every few milliseconds. */
async function serve(): Promise<void> {
  const current = readTlsFiles(paths());
  server = await createTestServer({ tls: current });
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  const serveNew = (files: typeof current): void => serveCertificate(server.app, files);
  stop = reloadTls({ paths: paths(), current, serve: serveNew, log, intervalMs: 5 });
}

function open(options: { readonly version?: SecureVersion } = {}): Promise<TLSSocket> {
  const { port } = server.app.server.address() as { port: number };
  const { version } = options;
  const versions = version === undefined ? {} : { minVersion: version, maxVersion: version };
  return new Promise((resolve, reject) => {
    const socket = connect(
      { port, host: '127.0.0.1', rejectUnauthorized: false, ciphers: 'DEFAULT@SECLEVEL=0', ...versions },
      () => resolve(socket),
    );
    socket.once('error', reject);
  });
}

async function servedName(): Promise<string> {
  const socket = await open();
  const { subject }: PeerCertificate = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

test('a renewed certificate is served to new connections without a restart, open ones stay', async () => {
  write(issue('old'));
  await serve();
  expect(await servedName()).toBe('old');
  const before = await open();
  write(issue('new'));
  await eventually(async () => ((await servedName()) === 'new' ? undefined : 'the new certificate'));
  expect(logged).toContainEqual(expect.objectContaining({ msg: 'Loaded certificate', subject: 'CN=new' }));
  before.write('GET /version HTTP/1.1\r\nHost: a\r\n\r\n');
  const answer = await new Promise<string>((resolve) =>
    before.once('data', (data: Buffer) => resolve(data.toString())),
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
  before.destroy();
});

test('a pair that does not fit changes nothing and says why once; when it fits again it is served', async () => {
  write(issue('old'));
  await serve();
  const next = issue('new');
  write({ certificate: next.certificate });
  await eventually(() => (logged.length > 0 ? undefined : 'the log line'));
  expect(logged[0]).toMatchObject({
    msg: 'Cannot load certificate, the one before is still served',
    reason: expect.stringMatching(/tls\.crt and .*tls\.key do not fit each other/),
  });
  expect(await servedName()).toBe('old');
  write({ key: next.key });
  await eventually(async () => ((await servedName()) === 'new' ? undefined : 'the new certificate'));
  expect(logged.map(({ msg }) => msg)).toEqual([
    'Cannot load certificate, the one before is still served',
    'Loaded certificate',
  ]);
});

test('files that are no certificate or not there are a problem that names key and file', async () => {
  write(issue('a'));
  server = await createTestServer();
  expect(tlsProblem(paths())).toBeUndefined();
  write({ certificate: 'nonsense' });
  expect(tlsProblem(paths())).toMatch(/^api\.http\.tls\.cert_file: .*tls\.crt holds no certificate/);
  rmSync(paths().certFile);
  expect(tlsProblem(paths())).toMatch(/^api\.http\.tls\.cert_file: .*tls\.crt cannot be read: ENOENT/);
});

test('TLS 1.2 and 1.3 are spoken, 1.1 is not', async () => {
  write(issue('a'));
  await serve();
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = await open({ version });
    expect(socket.getProtocol()).toBe(version);
    socket.destroy();
  }
  await expect(open({ version: 'TLSv1.1' })).rejects.toThrow(/protocol version/);
});
