/** SIGTERM (wire spec 9.4): each scenario has a server of its own, and ends it. */
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';

import { eventually } from '../../support/eventually.ts';
import { ask } from '../http.ts';
import { scenarios } from '../scenario.ts';
import type { ServerUnderTest } from '../server.ts';
import type { Client, Stage } from '../stage.ts';
import { missingSession, newIds, sessionsOf, settled } from './joined.ts';
import type { Plugin } from '../plugin.ts';

/** Scenarios of the end of a server. */
export const drain = scenarios([
  {
    name: 'SIGTERM ends a server without sessions at once, with exit code 0',
    spec: '9.4',
    run: async (stage) => {
      const server = await stage.start({});
      const plugin = await stage.plugin(undefined, server);
      server.signal('SIGTERM');
      strictEqual(await endOf(server), 0);
      await eventually(() => (plugin.closed() === undefined ? 'the end of the connection' : undefined));
    },
  },
  {
    name: 'After SIGTERM sessions go on and everything answers, until the last session has ended',
    spec: '9.4',
    run: async (stage) => {
      const { server, client, plugin, sessionID, callID } = await busy(stage);
      server.signal('SIGTERM');
      await settled(stage, plugin);
      strictEqual((await ask(server, '/version')).status, 200);
      strictEqual(missingSession(await sessionsOf(server, client, callID)), undefined);
      strictEqual(server.exitCode(), null);
      plugin.leave(sessionID);
      strictEqual(await endOf(server), 0);
    },
  },
  {
    name: 'After SIGTERM others may still join, in the same call and in a new one',
    spec: '9.4',
    run: async (stage) => {
      const { server, client, plugin, sessionID, callID } = await busy(stage);
      server.signal('SIGTERM');
      const [member, other] = [newIds(stage, callID), newIds(stage)];
      for (const ids of [member, other]) plugin.join({ ...ids });
      for (const ids of [member, other])
        await eventually(async () => missingSession(await sessionsOf(server, client, ids.callID)));
      for (const id of [sessionID, member.sessionID, other.sessionID]) plugin.leave(id);
      strictEqual(await endOf(server), 0);
    },
  },
  {
    name: 'After SIGTERM a server is the last one that a new call chooses',
    spec: '1.4',
    quirk: {
      rtcd: 'tells its load as ever, so a plugin whose DNS is old sends new calls to a server that is leaving',
      ours: 'tells a load of 1e9',
      reason:
        'The plugin takes the host with the lowest load, so a leaving one gets calls only when there is no other.',
    },
    observe: async (stage) => {
      const { server } = await busy(stage);
      server.signal('SIGTERM');
      let load = 0;
      await eventually(
        async () => {
          const { text } = await ask(server, '/system');
          load = text === '' ? 0 : (JSON.parse(text) as { cpu_load: number }).cpu_load;
          return load >= 1e9 ? undefined : `a load of ${load}`;
        },
        { timeoutMs: 3000 },
      ).catch(() => undefined);
      return load >= 1e9 ? 'ours' : 'rtcd';
    },
  },
  {
    name: 'A second SIGTERM ends a server at once, and its sessions are told',
    spec: '9.4',
    quirk: {
      rtcd: 'ignores it',
      ours: 'sends close for each session and ends',
      reason:
        'Who asks twice means it; users can join again at once instead of waiting thirty seconds for their media to fail.',
    },
    observe: async (stage) => {
      const { server, plugin, sessionID } = await busy(stage);
      server.signal('SIGTERM');
      await settled(stage, plugin);
      server.signal('SIGTERM');
      const isEnding = await eventually(
        () => (plugin.about('close', sessionID).length > 0 ? undefined : 'a close'),
        { timeoutMs: 3000 },
      ).then(
        () => true,
        () => false,
      );
      if (!isEnding) {
        await settled(stage, plugin);
        return 'rtcd';
      }
      await endOf(server);
      deepStrictEqual(plugin.about('close', sessionID).length, 1);
      return 'ours';
    },
  },
  {
    name: 'A server that was killed comes back with its clients',
    spec: '7',
    run: async (stage) => {
      const dir = await stage.folder();
      const env = { RTCD_STORE_DATASOURCE: `${dir}/clients` };
      const first = await stage.start({ env });
      const client = await stage.register(first);
      first.signal('SIGTERM');
      await endOf(first);
      const second = await stage.start({ env });
      const plugin = await stage.plugin(client, second);
      ok(plugin.connID !== '');
    },
  },
]);

/** A server of its own with one session. */
async function busy(stage: Stage): Promise<{
  readonly server: ServerUnderTest;
  readonly client: Client;
  readonly plugin: Plugin;
  readonly sessionID: string;
  readonly callID: string;
}> {
  const server = await stage.start({});
  const client = await stage.register(server);
  const plugin = await stage.plugin(client, server);
  const { sessionID, callID } = newIds(stage);
  // Connected: a session without an offer would end by itself.
  await stage.peer({ plugin, sessionID, callID });
  return { server, client, plugin, sessionID, callID };
}

async function endOf(server: ServerUnderTest): Promise<number | null> {
  await eventually(() => (server.exitCode() === null ? 'the end of the process' : undefined), {
    timeoutMs: 15_000,
  });
  return server.exitCode();
}
