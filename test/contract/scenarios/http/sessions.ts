/** `/calls/{callID}/sessions` (wire spec 1.5): how the plugin learns after a restart whether a call is still there. */
import { deepStrictEqual, strictEqual } from 'node:assert/strict';

import { expectNotFound, expectText } from '../../expect.ts';
import { admin, ask, basic } from '../../http.ts';
import { scenarios } from '../../scenario.ts';
import type { Client } from '../../stage.ts';
import { eventually } from '../../../support/eventually.ts';
import { type Ids, joined, missingSession, sessionsOf } from '../joined.ts';

/** Scenarios of looking up sessions. */
export const sessions = scenarios([
  {
    name: 'The sessions of a call are listed with their join, under the names of Go',
    spec: '1.5',
    run: async (stage) => {
      const { client, ids } = await joined(stage, { dcSignaling: true });
      const answer = await sessionsOf(stage.server, client, ids.callID);
      strictEqual(answer.contentType, 'application/json');
      deepStrictEqual(answer.json(), [configOf(client, ids)]);
    },
  },
  {
    name: 'One session is looked up by its id',
    spec: '1.5',
    run: async (stage) => {
      const { client, ids } = await joined(stage, { dcSignaling: true });
      const path = `/calls/${ids.callID}/sessions/${ids.sessionID}`;
      const answer = await ask(stage.server, path, { authorization: client.basic });
      strictEqual(answer.status, 200);
      deepStrictEqual(answer.json(), configOf(client, ids));
    },
  },
  {
    name: 'What a join left out is null in the list',
    spec: '1.5',
    run: async (stage) => {
      const { server } = stage;
      const client = await stage.register();
      const plugin = await stage.plugin(client);
      const ids = { callID: stage.id(), userID: stage.id(), sessionID: stage.id() };
      plugin.join(ids);
      await eventually(async () => missingSession(await sessionsOf(server, client, ids.callID)));
      const [config] = (await sessionsOf(server, client, ids.callID)).json() as [{ Props: unknown }];
      deepStrictEqual(config.Props, { channelID: null, av1Support: null, dcSignaling: null });
    },
  },
  {
    name: 'A call that ended is not found, so that the plugin forgets it',
    spec: '1.5',
    run: async (stage) => {
      const { client, ids, plugin } = await joined(stage, { dcSignaling: true });
      plugin.leave(ids.sessionID);
      await plugin.waitFor('close', ids.sessionID);
      expectText(
        await sessionsOf(stage.server, client, ids.callID),
        404,
        'failed to get session configs: group not found',
      );
    },
  },
  {
    name: 'A client without calls is told that its group is not found',
    spec: '1.5',
    run: async ({ server, register, id }) => {
      const line = 'failed to get session configs: group not found';
      expectText(await sessionsOf(server, await register(), id()), 404, line);
    },
  },
  {
    name: 'An unknown call beside another one is not found',
    spec: '1.5',
    run: async (stage) => {
      const { client } = await joined(stage, { dcSignaling: true });
      const line = 'failed to get session configs: call not found';
      expectText(await sessionsOf(stage.server, client, stage.id()), 404, line);
    },
  },
  {
    name: 'An unknown session of a call is not found',
    spec: '1.5',
    run: async (stage) => {
      const { client, ids } = await joined(stage, { dcSignaling: true });
      const path = `/calls/${ids.callID}/sessions/${stage.id()}`;
      const answer = await ask(stage.server, path, { authorization: client.basic });
      expectText(answer, 404, 'failed to get session config: session not found');
    },
  },
  {
    name: 'A client sees no calls of another one, even under the same call id',
    spec: '1.5',
    run: async (stage) => {
      const [one, other] = [
        await joined(stage, { dcSignaling: true }),
        await joined(stage, { dcSignaling: true }),
      ];
      const line = 'failed to get session configs: call not found';
      expectText(await sessionsOf(stage.server, other.client, one.ids.callID), 404, line);
      const path = `/calls/${one.ids.callID}/sessions/${one.ids.sessionID}`;
      strictEqual((await ask(stage.server, path, { authorization: other.client.basic })).status, 404);
    },
  },
  {
    name: 'Looking up sessions needs a client: nobody, a wrong key and the admin are unauthorized',
    spec: '1.5',
    run: async (stage) => {
      const { server } = stage;
      const { client, ids } = await joined(stage, { dcSignaling: true });
      const headers = [undefined, basic(client.clientID, 'x'.repeat(32)), admin(server), 'Bearer x'];
      for (const authorization of headers)
        for (const path of [
          `/calls/${ids.callID}/sessions`,
          `/calls/${ids.callID}/sessions/${ids.sessionID}`,
        ])
          expectText(await ask(server, path, { authorization }), 401, 'unauthorized');
    },
  },
  {
    name: 'Sessions are only read: another method than GET is not found',
    spec: '1',
    run: async (stage) => {
      const { client, ids } = await joined(stage, { dcSignaling: true });
      for (const method of ['POST', 'DELETE', 'PUT'])
        for (const path of [
          `/calls/${ids.callID}/sessions`,
          `/calls/${ids.callID}/sessions/${ids.sessionID}`,
        ])
          expectNotFound(await ask(stage.server, path, { method, authorization: client.basic }));
    },
  },
  {
    name: 'Every session of a call is listed once',
    spec: '1.5',
    run: async (stage) => {
      const { client, ids, plugin } = await joined(stage, { dcSignaling: true });
      const more = [stage.id(), stage.id()];
      for (const sessionID of more) plugin.join({ ...ids, userID: stage.id(), sessionID });
      const listed = async (): Promise<string[]> => {
        const answer = await sessionsOf(stage.server, client, ids.callID);
        return (answer.json() as { SessionID: string }[]).map(({ SessionID }) => SessionID).sort();
      };
      await eventually(async () => ((await listed()).length === 3 ? undefined : (await listed()).join()));
      deepStrictEqual(await listed(), [ids.sessionID, ...more].sort());
    },
  },
]);

function configOf(client: Client, ids: Ids): object {
  return {
    GroupID: client.clientID,
    CallID: ids.callID,
    UserID: ids.userID,
    SessionID: ids.sessionID,
    Props: { channelID: ids.channelID, av1Support: false, dcSignaling: true },
  };
}
