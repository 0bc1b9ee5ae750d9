import { createServer } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { listen, listenProblem } from '../../../sfu/http/listen.ts';
import { createTestServer, type TestServer } from './server.ts';

let server: TestServer;
afterEach(() => server.close());

test('an occupied port is named with what to do about it', async () => {
  server = await createTestServer();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  await expect(listen(server.app, `127.0.0.1:${port}`)).rejects.toThrow(
    `api.http.listen_address 127.0.0.1:${port} is in use by another program: stop it (ss -ltnp 'sport = :${port}' names it), or set RTCD_API_HTTP_LISTENADDRESS to another port`,
  );
  other.close();
});

test('an address that the machine does not have is named', async () => {
  server = await createTestServer();
  await expect(listen(server.app, '192.0.2.1:0')).rejects.toThrow('this machine has no such address');
});

test('a privileged port without the right is explained', async () => {
  server = await createTestServer();
  expect(listenProblem('EACCES', '', { host: '', port: 443 })).toContain('NET_BIND_SERVICE');
});
