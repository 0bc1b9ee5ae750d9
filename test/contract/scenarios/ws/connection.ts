/** One connection: upgrade, hello, keep-alive, limits (wire spec 2.1, 2.2). */
import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from 'node:assert/strict';

import { eventually } from '../../../support/eventually.ts';
import { admin, ask, basic, post } from '../../http.ts';
import { scenarios } from '../../scenario.ts';
import { upgrade } from '../../upgrade.ts';
import { missingSession, newIds, sessionsOf, settled } from '../joined.ts';

/** Scenarios of connections. */
export const connection = scenarios([
  {
    name: 'The first message is hello, with the client id and a new connection id, and nothing else',
    spec: '2.1',
    run: async (stage) => {
      const { received, clientID } = await stage.plugin();
      const [hello] = received;
      strictEqual(hello?.type, 'hello');
      deepStrictEqual(Object.keys(hello.data).sort(), ['clientID', 'connID']);
      strictEqual(hello.data['clientID'], clientID);
      match(String(hello.data['connID']), /^[a-z0-9]{26}$/);
    },
  },
  {
    name: 'A client may have several connections, each with an id of its own',
    spec: '2.1',
    run: async (stage) => {
      const client = await stage.register();
      const [one, other] = [await stage.plugin(client), await stage.plugin(client)];
      notStrictEqual(one.connID, other.connID);
      await settled(stage, one);
      await settled(stage, other);
    },
  },
  {
    name: 'A bearer token opens a connection as its client',
    spec: '2.1',
    run: async (stage) => {
      const { clientID, authKey } = await stage.register();
      const answer = await post(stage.server, '/login', { body: { clientID, authKey } });
      const { bearerToken } = answer.json() as { bearerToken: string };
      const plugin = await stage.plugin({ clientID, authKey, basic: `Bearer ${bearerToken}` });
      strictEqual(plugin.received[0]?.data['clientID'], clientID);
    },
  },
  {
    name: 'A wrong key, an unknown client and nobody at all get no connection',
    spec: '2.1',
    run: async ({ server, register, id }) => {
      const { clientID } = await register();
      const wrong = [basic(clientID, 'x'.repeat(32)), basic(id(), 'x'.repeat(32)), 'Bearer x', undefined];
      for (const authorization of wrong)
        notStrictEqual((await upgrade(server, { authorization })).status, 101, authorization);
    },
  },
  {
    name: 'A connection that is refused is told so by its status',
    spec: '2.1',
    quirk: {
      rtcd: 'answers 200 with an empty body, as if all were well',
      ours: 'answers 401',
      reason:
        'The plugin looks only at the missing upgrade; a person with curl and every proxy understand 401.',
    },
    observe: async ({ server, id }) => {
      const { status } = await upgrade(server, { authorization: basic(id(), 'x'.repeat(32)) });
      if (status === 401) return 'ours';
      strictEqual(status, 200);
      return 'rtcd';
    },
  },
  {
    name: 'A request for /ws that asks for no upgrade is a bad request',
    spec: '2.1',
    run: async ({ server, register }) => {
      const { basic: authorization } = await register();
      strictEqual((await ask(server, '/ws', { authorization })).status, 400);
    },
  },
  {
    name: 'A page of another host cannot connect, one of this host can, and a plugin sends no origin',
    spec: '2.1',
    run: async ({ server, register }) => {
      const { basic: authorization } = await register();
      const statusOf = async (origin: string | undefined): Promise<number> =>
        (await upgrade(server, { authorization, origin })).status;
      strictEqual(await statusOf('http://elsewhere.test'), 403);
      strictEqual(await statusOf(server.url), 101);
      strictEqual(await statusOf(undefined), 101);
    },
  },
  {
    name: 'Nothing is compressed, and no subprotocol is chosen, even when asked for',
    spec: '2.1',
    run: async ({ server, register }) => {
      const { basic: authorization } = await register();
      const asked = { 'sec-websocket-extensions': 'permessage-deflate', 'sec-websocket-protocol': 'rtc' };
      const { status, headers } = await upgrade(server, { authorization, ...asked });
      strictEqual(status, 101);
      strictEqual(headers['sec-websocket-extensions'], undefined);
      strictEqual(headers['sec-websocket-protocol'], undefined);
    },
  },
  {
    name: 'The admin may connect as nobody, and then has no calls',
    spec: '2.1',
    run: async (stage) => {
      const { server } = stage;
      const plugin = await stage.plugin({ clientID: '', authKey: '', basic: admin(server) });
      strictEqual(plugin.received[0]?.data['clientID'], '');
      const client = await stage.register();
      const ids = newIds(stage);
      plugin.join({ ...ids });
      await settled(stage, await stage.plugin(client));
      strictEqual((await sessionsOf(server, client, ids.callID)).status, 404);
      strictEqual(plugin.closed(), undefined);
    },
  },
  {
    name: 'A text frame is ignored and the connection goes on',
    spec: '2.2',
    run: async (stage) => {
      const plugin = await stage.plugin();
      plugin.sendBytes('hello');
      await settled(stage, plugin);
    },
  },
  {
    name: 'Bytes that are no message are ignored and the connection goes on',
    spec: '2.3',
    run: async (stage) => {
      const plugin = await stage.plugin();
      for (const bytes of ['', 'c1', 'a46a6f696e', 'a46a6f696ec0', 'ff00ff', '83a1', 'a568656c6c6f80'])
        plugin.sendBytes(Buffer.from(bytes, 'hex'));
      plugin.send('dance', { sessionID: stage.id() });
      plugin.send(7, { sessionID: stage.id() });
      plugin.send('leave', [1, 2]);
      plugin.send('rtc', 'text');
      await settled(stage, plugin);
      strictEqual(plugin.closed(), undefined);
    },
  },
  {
    name: 'A message of a mebibyte passes, one byte more closes the connection with 1009',
    spec: '2.2',
    run: async (stage) => {
      const plugin = await stage.plugin();
      plugin.sendBytes(Buffer.alloc(2 ** 20, 0xc0));
      await settled(stage, plugin);
      plugin.sendBytes(Buffer.alloc(2 ** 20 + 1, 0xc0));
      await eventually(() => (plugin.closed() === undefined ? 'the close' : undefined));
      strictEqual(plugin.closed()?.code, 1009);
    },
  },
  {
    name: 'A connection that answers pings lives on, and is pinged every ten seconds',
    spec: '2.2',
    isSlow: true,
    run: async (stage) => {
      const plugin = await stage.plugin();
      await eventually(() => (plugin.pings() < 3 ? `${plugin.pings()} pings` : undefined), {
        timeoutMs: 35_000,
      });
      await settled(stage, plugin);
    },
  },
  {
    name: 'A connection that answers no ping ends after twenty seconds, whatever it sends meanwhile',
    spec: '2.2',
    isSlow: true,
    run: async (stage) => {
      const plugin = await stage.plugin();
      plugin.stopPongs();
      const chatter = setInterval(() => plugin.sendBytes('still here'), 500);
      stage.defer(() => clearInterval(chatter));
      await eventually(() => (plugin.closed() === undefined ? 'the end' : undefined), { timeoutMs: 35_000 });
      ok(plugin.pings() >= 1, 'it was pinged before');
    },
  },
  {
    name: 'A connection that is lost leaves its sessions alone',
    spec: '2.7',
    run: async (stage) => {
      const client = await stage.register();
      const plugin = await stage.plugin(client);
      const other = await stage.plugin(client); // Before the join: a session without an offer lives for ten seconds.
      const ids = newIds(stage);
      plugin.join({ ...ids });
      await settled(stage, plugin);
      plugin.drop();
      await settled(stage, other);
      strictEqual(missingSession(await sessionsOf(stage.server, client, ids.callID)), undefined);
    },
  },
]);
