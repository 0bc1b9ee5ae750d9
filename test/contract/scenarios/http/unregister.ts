/** `/unregister`, and the admin (wire spec 1.1, 1.2). */
import { strictEqual } from 'node:assert/strict';

import { expectJson } from '../../expect.ts';
import { admin, ask, basic, post } from '../../http.ts';
import { scenarios } from '../../scenario.ts';

/** Scenarios of leaving. */
export const unregister = scenarios([
  {
    name: 'A client unregisters itself and is then unknown',
    spec: '1.2',
    run: async ({ server, register }) => {
      const { clientID, basic: authorization } = await register();
      expectJson(await post(server, '/unregister', { authorization, body: { clientID } }), 200, {});
      strictEqual((await ask(server, '/calls/none/sessions', { authorization })).status, 401);
    },
  },
  {
    name: 'A client that unregistered may register again, with another key',
    spec: '1.2',
    run: async ({ server, register }) => {
      const { clientID, basic: authorization } = await register();
      await post(server, '/unregister', { authorization, body: { clientID } });
      const body = { clientID, authKey: 'n'.repeat(32) };
      strictEqual((await post(server, '/register', { body })).status, 201);
      const renewed = basic(clientID, body.authKey);
      strictEqual((await ask(server, '/calls/none/sessions', { authorization: renewed })).status, 404);
    },
  },
  {
    name: 'A client cannot unregister another one',
    spec: '1.2',
    run: async ({ server, register }) => {
      const [one, other] = [await register(), await register()];
      const body = { clientID: other.clientID };
      expectJson(await post(server, '/unregister', { authorization: one.basic, body }), 403, {
        error: 'client id not valid',
      });
      strictEqual((await ask(server, '/calls/none/sessions', { authorization: other.basic })).status, 404);
    },
  },
  {
    name: 'The admin unregisters any client',
    spec: '1.2',
    run: async ({ server, register }) => {
      const { clientID, basic: authorization } = await register();
      const answer = await post(server, '/unregister', { authorization: admin(server), body: { clientID } });
      expectJson(answer, 200, {});
      strictEqual((await ask(server, '/calls/none/sessions', { authorization })).status, 401);
    },
  },
  {
    name: 'The admin is told when a client is not found',
    spec: '1.2',
    run: async ({ server, id }) => {
      const answer = await post(server, '/unregister', {
        authorization: admin(server),
        body: { clientID: id() },
      });
      expectJson(answer, 400, { error: 'unregister failed: error: not found' });
    },
  },
  {
    name: 'Unregistering needs a client id',
    spec: '1.2',
    run: async ({ server, register }) => {
      const { basic: authorization } = await register();
      for (const body of [{}, { clientID: '' }])
        expectJson(await post(server, '/unregister', { authorization, body }), 400, {
          error: 'client id should not be empty',
        });
    },
  },
  {
    name: 'Unregistering needs authentication, and each refusal says what was wrong',
    spec: '1.1',
    run: async ({ server, register }) => {
      const { clientID } = await register();
      const refusals: readonly (readonly [string | undefined, string])[] = [
        [undefined, 'authentication failed: invalid auth header'],
        ['Basic !', 'authentication failed: invalid auth header'],
        [basic('', 'x'.repeat(32)), 'authentication failed: unauthorized'],
        [basic(clientID, 'x'.repeat(32)), 'authentication failed'],
      ];
      for (const [authorization, error] of refusals)
        expectJson(await post(server, '/unregister', { authorization, body: { clientID } }), 401, { error });
    },
  },
  {
    name: 'The admin key is the password of any user',
    spec: '1.1',
    run: async ({ server, register, id }) => {
      const { clientID } = await register();
      const authorization = basic(id(), server.adminKey);
      expectJson(await post(server, '/unregister', { authorization, body: { clientID } }), 200, {});
    },
  },
]);
