/** `/login` and bearer tokens (wire spec 1.1, 1.2). */
import { deepStrictEqual, match, notStrictEqual, strictEqual } from 'node:assert/strict';

import { eventually } from '../../../support/eventually.ts';
import { expectJson } from '../../expect.ts';
import { ask, basic, post } from '../../http.ts';
import { scenarios } from '../../scenario.ts';
import type { ServerUnderTest } from '../../server.ts';
import type { Client } from '../../stage.ts';

/** Scenarios of bearer tokens. */
export const login = scenarios([
  {
    name: 'A login with the right key answers a token of 32 URL-safe characters',
    spec: '1.2',
    run: async ({ server, register }) => {
      const { clientID, authKey } = await register();
      const answer = await post(server, '/login', { body: { clientID, authKey } });
      strictEqual(answer.status, 200);
      strictEqual(answer.contentType, 'application/json');
      const body = answer.json() as { bearerToken: string };
      match(body.bearerToken, /^[\w-]{32}$/);
      deepStrictEqual(body, { bearerToken: body.bearerToken, code: '200' });
    },
  },
  {
    name: 'A login of an unknown client fails and says that it is not found',
    spec: '1.2',
    run: async ({ server, id }) => {
      const body = { clientID: id(), authKey: 'k'.repeat(32) };
      expectJson(await post(server, '/login', { body }), 400, {
        error: 'login failed: authentication failed: error: not found',
      });
    },
  },
  {
    name: 'A login with a wrong key fails',
    spec: '1.2',
    run: async ({ server, register }) => {
      const { clientID } = await register();
      expectJson(await post(server, '/login', { body: { clientID, authKey: 'x'.repeat(32) } }), 400, {
        error: 'login failed: authentication failed',
      });
    },
  },
  {
    name: 'A token opens what the key opens',
    spec: '1.1',
    run: async ({ server, register }) => {
      const authorization = bearer(await tokenOf(server, await register()));
      strictEqual((await ask(server, '/calls/none/sessions', { authorization })).status, 404);
    },
  },
  {
    name: 'A new login ends the token before it',
    spec: '1.1',
    run: async ({ server, register }) => {
      const client = await register();
      const [first, second] = [await tokenOf(server, client), await tokenOf(server, client)];
      notStrictEqual(first, second);
      strictEqual((await ask(server, '/calls/none/sessions', { authorization: bearer(first) })).status, 401);
      strictEqual((await ask(server, '/calls/none/sessions', { authorization: bearer(second) })).status, 404);
    },
  },
  {
    name: 'Unregistering ends the token',
    spec: '1.1',
    run: async ({ server, register }) => {
      const client = await register();
      const authorization = bearer(await tokenOf(server, client));
      const body = { clientID: client.clientID };
      strictEqual((await post(server, '/unregister', { authorization: client.basic, body })).status, 200);
      strictEqual((await ask(server, '/calls/none/sessions', { authorization })).status, 401);
    },
  },
  {
    name: 'A token that was never given is refused by name',
    spec: '1.1',
    run: async ({ server, register }) => {
      const { clientID } = await register();
      const answer = await post(server, '/unregister', { authorization: bearer('x'), body: { clientID } });
      expectJson(answer, 401, { error: 'authentication failed: token is invalid' });
    },
  },
  {
    name: 'The word Bearer counts to the letter: in lower case it is a basic header that is none',
    spec: '1.1',
    run: async ({ server, register }) => {
      const client = await register();
      const token = await tokenOf(server, client);
      const body = { clientID: client.clientID };
      const answer = await post(server, '/unregister', { authorization: `bearer ${token}`, body });
      expectJson(answer, 401, { error: 'authentication failed: invalid auth header' });
    },
  },
  {
    name: 'A token ends when its lifetime has passed, and the refusal says so',
    spec: '1.1',
    isSlow: true,
    run: async ({ start, register }) => {
      const server = await start({ env: { RTCD_API_SECURITY_SESSIONCACHE_EXPIRATIONMINUTES: '1' } });
      const client = await register(server);
      const authorization = bearer(await tokenOf(server, client));
      const body = { clientID: 'somebody else' };
      let answer = await post(server, '/unregister', { authorization, body });
      strictEqual(answer.status, 403);
      // The first refusal is the one: it drops the token, which is then unknown.
      await eventually(
        async () => {
          answer = await post(server, '/unregister', { authorization, body });
          return answer.status === 401 ? undefined : `the token still answers ${answer.status}`;
        },
        { timeoutMs: 75_000, intervalMs: 1000 },
      );
      expectJson(answer, 401, {
        error: 'authentication failed: session is expired',
      });
    },
  },
  {
    name: 'A login does not spend the key: basic authentication goes on',
    spec: '1.1',
    run: async ({ server, register }) => {
      const client = await register();
      await tokenOf(server, client);
      const authorization = basic(client.clientID, client.authKey);
      strictEqual((await ask(server, '/calls/none/sessions', { authorization })).status, 404);
    },
  },
]);

async function tokenOf(server: ServerUnderTest, { clientID, authKey }: Client): Promise<string> {
  const answer = await post(server, '/login', { body: { clientID, authKey } });
  return (answer.json() as { bearerToken: string }).bearerToken;
}

function bearer(token: string): string {
  return `Bearer ${token}`;
}
