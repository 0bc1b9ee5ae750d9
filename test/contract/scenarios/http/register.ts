/** `/register` where clients may register themselves (wire spec 1.2). */
import { match, strictEqual } from 'node:assert/strict';

import { expectJson } from '../../expect.ts';
import { ask, basic, post } from '../../http.ts';
import { scenarios } from '../../scenario.ts';

const authKey = 'k'.repeat(32);

/** Scenarios of self-registration. */
export const register = scenarios([
  {
    name: 'A client registers itself and is told its id',
    spec: '1.2',
    run: async ({ server, id }) => {
      const clientID = id();
      expectJson(await post(server, '/register', { body: { clientID, authKey } }), 201, { clientID });
    },
  },
  {
    name: 'A registered client is let in at once',
    spec: '1.2',
    run: async ({ server, register }) => {
      const { basic: authorization } = await register();
      const answer = await ask(server, '/calls/none/sessions', { authorization });
      strictEqual(answer.status, 404, 'the call is unknown, the client is not');
    },
  },
  {
    name: 'A key of 31 bytes is too short, one of 32 is not',
    spec: '1.2',
    run: async ({ server, id }) => {
      const [short, long] = [
        { clientID: id(), authKey: authKey.slice(1) },
        { clientID: id(), authKey },
      ];
      expectJson(await post(server, '/register', { body: short }), 400, {
        error: 'registration failed: key not long enough',
      });
      strictEqual((await post(server, '/register', { body: long })).status, 201);
    },
  },
  {
    name: 'The length of a key counts in bytes, not in characters',
    spec: '1.1',
    run: async ({ server, id }) => {
      const body = { clientID: id(), authKey: 'é'.repeat(16) };
      strictEqual((await post(server, '/register', { body })).status, 201);
    },
  },
  {
    name: 'The key is looked at before the client id',
    spec: '1.2',
    run: async ({ server }) => {
      expectJson(await post(server, '/register', { body: { clientID: '', authKey: '' } }), 400, {
        error: 'registration failed: key not long enough',
      });
    },
  },
  {
    name: 'An empty or missing client id is refused',
    spec: '1.2',
    run: async ({ server }) => {
      for (const body of [{ clientID: '', authKey }, { authKey }])
        expectJson(await post(server, '/register', { body }), 400, {
          error: 'registration failed: error: empty key',
        });
    },
  },
  {
    name: 'A client id can be registered once',
    spec: '1.2',
    run: async ({ server, register }) => {
      const { clientID } = await register();
      expectJson(await post(server, '/register', { body: { clientID, authKey } }), 400, {
        error: 'registration failed: already registered',
      });
    },
  },
  {
    name: 'Registering again changes no key',
    spec: '1.2',
    run: async ({ server, register }) => {
      const { clientID, basic: authorization } = await register();
      await post(server, '/register', { body: { clientID, authKey } });
      strictEqual((await ask(server, '/calls/none/sessions', { authorization })).status, 404);
      const other = basic(clientID, authKey);
      strictEqual((await ask(server, '/calls/none/sessions', { authorization: other })).status, 401);
    },
  },
  {
    name: 'A body with a value that is no string is refused',
    spec: '1.2',
    run: async ({ server, id }) => {
      for (const body of [
        { clientID: 1, authKey },
        { clientID: id(), authKey: [authKey] },
      ])
        expectRefusedBody(await post(server, '/register', { body }));
    },
  },
  {
    name: 'A body that is no JSON object is refused',
    spec: '1.2',
    run: async ({ server }) => {
      for (const body of ['', 'clientID', '[]', '"text"', '{"clientID":'])
        expectRefusedBody(await post(server, '/register', { body }));
    },
  },
  {
    name: 'Keys of the body that nobody knows are ignored',
    spec: '1.2',
    run: async ({ server, id }) => {
      const body = { clientID: id(), authKey, more: 'x' };
      strictEqual((await post(server, '/register', { body })).status, 201);
    },
  },
]);

/** The text is the JSON decoder's own: each language has its words. */
function expectRefusedBody(answer: { status: number; contentType: string; json(): unknown }): void {
  strictEqual(answer.status, 400);
  strictEqual(answer.contentType, 'application/json');
  const { code, error } = answer.json() as { code: string; error: string };
  strictEqual(code, '400');
  match(error, /\S/);
}
