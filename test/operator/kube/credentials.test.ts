import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createKubeClient } from '../../../operator/kube/client.ts';
import { createCredentials, loadKubeConfig, type Access } from '../../../operator/kube/credentials.ts';
import { createFakeClock } from '../../support/fakeClock.ts';

let dir: string;
let server: Server;
/** What the server takes for valid, and what it was shown. */
let validToken: string;
let shown: string[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'credentials-'));
  shown = [];
  server = createServer((request, response) => {
    const token = request.headers.authorization ?? 'none';
    shown.push(token);
    response.writeHead(token === `Bearer ${validToken}` ? 200 : 401).end('{"gitVersion":"v1.34.4"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(dir, { recursive: true });
});

/** As a pod's service account has it: the token in a file that changes. */
async function kubeconfig(clusterFields: object = {}): Promise<string> {
  const file = join(dir, 'kubeconfig');
  const { port } = server.address() as AddressInfo;
  const cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true, ...clusterFields };
  const provider = { name: 'tokenFile', config: { tokenFile: join(dir, 'token') } };
  await writeFile(
    file,
    JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'c' },
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { 'auth-provider': provider } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    }),
  );
  return file;
}

const setToken = (token: string): Promise<void> => writeFile(join(dir, 'token'), token);

describe('a token that was rotated', () => {
  test('is read again when the server refuses the old one, and the call goes through', async () => {
    validToken = 'old';
    await setToken('old');
    const client = createKubeClient({ kubeconfig: await kubeconfig() });
    await client.serverVersion();
    validToken = 'new';
    await setToken('new');
    expect(await client.serverVersion()).toBe('v1.34.4');
    expect(shown).toEqual(['Bearer old', 'Bearer old', 'Bearer new']);
    await client.close();
  });

  test('that stays refused is refused for good after one more try', async () => {
    validToken = 'another';
    await setToken('wrong');
    const client = createKubeClient({ kubeconfig: await kubeconfig() });
    await expect(client.serverVersion()).rejects.toMatchObject({ name: 'ForbiddenError', status: 401 });
    expect(shown).toHaveLength(2);
    await client.close();
  });
});

describe('access', () => {
  const read = async (clusterFields: object = {}): Promise<Access> => {
    await setToken('t');
    const file = await kubeconfig(clusterFields);
    return createCredentials({ load: () => loadKubeConfig(file), clock: createFakeClock() }).access();
  };

  test('keeps a path before /api, as gateways have it', async () => {
    const access = await read({ server: 'https://gateway.example.com/k8s/c-1/' });
    expect(access).toMatchObject({ origin: 'https://gateway.example.com', basePath: '/k8s/c-1' });
    expect(access.headers).toEqual({ Authorization: 'Bearer t' });
  });

  test('refuses a SOCKS proxy by name instead of going around it', async () => {
    await expect(read({ 'proxy-url': 'socks5://proxy:1080' })).rejects.toThrow(
      'only HTTP proxies are supported',
    );
  });

  test('without a readable file says which, and reads again at the next call', async () => {
    const file = join(dir, 'missing');
    const credentials = createCredentials({ load: () => loadKubeConfig(file), clock: createFakeClock() });
    await expect(credentials.access()).rejects.toThrow(/ENOENT.*missing/);
    await setToken('t');
    await writeFile(file, await kubeconfig().then(() => '{"clusters":[],"users":[],"contexts":[]}'));
    await expect(credentials.access()).rejects.toThrow('the kubeconfig has no current cluster');
  });
});
