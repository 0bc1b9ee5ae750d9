/** A server that lets nobody register himself (wire spec 1.1, 1.2). */
import { strictEqual } from 'node:assert/strict';

import { expectJson } from '../../expect.ts';
import { admin, ask, basic, post } from '../../http.ts';
import { scenarios } from '../../scenario.ts';
import type { ServerUnderTest } from '../../server.ts';

const authKey = 'k'.repeat(32);

/** Scenarios without self-registration, with an admin. */
export const closed = scenarios([
  {
    name: 'Without self-registration a stranger cannot register',
    spec: '1.2',
    run: async ({ server, id }) => {
      expectJson(await post(server, '/register', { body: { clientID: id(), authKey } }), 401, {
        error: 'authentication failed: invalid auth header',
      });
    },
  },
  {
    name: 'Without self-registration the admin registers clients',
    spec: '1.2',
    run: async ({ server, id }) => {
      const clientID = id();
      expectJson(await registerAs(server, admin(server), clientID), 201, { clientID });
      const authorization = basic(clientID, authKey);
      strictEqual((await ask(server, '/calls/none/sessions', { authorization })).status, 404);
    },
  },
  {
    name: 'Without self-registration any client registers others',
    spec: '1.2',
    run: async ({ server, id }) => {
      const [first, second] = [id(), id()];
      await registerAs(server, admin(server), first);
      expectJson(await registerAs(server, basic(first, authKey), second), 201, { clientID: second });
    },
  },
  {
    name: 'Without self-registration a wrong admin key registers nobody',
    spec: '1.2',
    run: async ({ server, id }) => {
      const refusals = [
        ['', 'authentication failed: unauthorized'],
        [id(), 'authentication failed'],
      ] as const;
      for (const [user, error] of refusals)
        expectJson(await registerAs(server, basic(user, 'x'.repeat(32)), id()), 401, { error });
    },
  },
]);

/** Scenarios of a server without self-registration and without an admin. */
export const sealed = scenarios([
  {
    name: 'Without self-registration and admin nobody may unregister',
    spec: '1.2',
    run: async ({ server }) => {
      const answer = await post(server, '/unregister', {
        authorization: basic('a', authKey),
        body: { clientID: 'a' },
      });
      expectJson(answer, 403, { error: 'unregister not enabled' });
    },
  },
  {
    name: 'An admin key without the admin enabled opens nothing',
    spec: '1.1',
    run: async ({ server, id }) => {
      expectJson(await registerAs(server, admin(server), id()), 401, {
        error: 'authentication failed: unauthorized',
      });
    },
  },
]);

async function registerAs(
  server: ServerUnderTest,
  authorization: string,
  clientID: string,
): ReturnType<typeof post> {
  return await post(server, '/register', { authorization, body: { clientID, authKey } });
}
