/** join and leave (wire spec 2.4, 2.6). */
import { deepStrictEqual, strictEqual } from 'node:assert/strict';

import { scenarios } from '../../scenario.ts';
import { firstOffer, joined, missingSession, newIds, sessionsOf, settled } from '../joined.ts';
import { gauge } from '../samples.ts';

/** Scenarios of sessions coming and going. */
export const membership = scenarios([
  {
    name: 'A join is answered by nothing',
    spec: '2.4',
    run: async (stage) => {
      const { plugin, ids } = await joined(stage);
      await settled(stage, plugin);
      deepStrictEqual(
        plugin.received.filter(({ data }) => (data['sessionID'] ?? data['session_id']) === ids.sessionID),
        [],
      );
    },
  },
  {
    name: 'A leave is answered by close, with the session id as its only key',
    spec: '2.6',
    run: async (stage) => {
      const { plugin, ids } = await joined(stage);
      plugin.leave(ids.sessionID);
      const { data } = await plugin.waitFor('close', ids.sessionID);
      deepStrictEqual(data, { sessionID: ids.sessionID });
    },
  },
  {
    name: 'A leave of a session that is not there is answered by nothing',
    spec: '2.6',
    run: async (stage) => {
      const plugin = await stage.plugin();
      const sessionID = stage.id();
      plugin.leave(sessionID);
      await settled(stage, plugin);
      strictEqual(plugin.about('close', sessionID).length, 0);
    },
  },
  {
    name: 'A second leave of the same session is answered by nothing more',
    spec: '2.6',
    run: async (stage) => {
      const { plugin, ids } = await joined(stage);
      plugin.leave(ids.sessionID);
      plugin.leave(ids.sessionID);
      await plugin.waitFor('close', ids.sessionID);
      await settled(stage, plugin);
      strictEqual(plugin.about('close', ids.sessionID).length, 1);
    },
  },
  {
    name: 'A join without a call, a user or a session makes no session',
    spec: '2.4',
    run: async (stage) => {
      const client = await stage.register();
      const plugin = await stage.plugin(client);
      const ids = newIds(stage);
      for (const key of ['callID', 'userID', 'sessionID']) plugin.join({ ...ids, [key]: '' });
      for (const key of ['callID', 'userID', 'sessionID']) plugin.join({ ...ids, [key]: undefined });
      await settled(stage, plugin);
      strictEqual((await sessionsOf(stage.server, client, ids.callID)).status, 404);
    },
  },
  {
    name: 'The group of a session is the authenticated client, whatever the join says',
    spec: '2.4',
    run: async (stage) => {
      const client = await stage.register();
      const plugin = await stage.plugin(client);
      const ids = newIds(stage);
      plugin.join({ ...ids, groupID: 'another' });
      await settled(stage, plugin);
      const [config] = (await sessionsOf(stage.server, client, ids.callID)).json() as [{ GroupID: string }];
      strictEqual(config.GroupID, client.clientID);
    },
  },
  {
    name: 'Keys of a join that nobody knows are ignored',
    spec: '2.3',
    run: async (stage) => {
      const client = await stage.register();
      const plugin = await stage.plugin(client);
      const ids = newIds(stage);
      plugin.join({ ...ids, more: { deep: [1, 2] } });
      await settled(stage, plugin);
      strictEqual(missingSession(await sessionsOf(stage.server, client, ids.callID)), undefined);
    },
  },
  {
    name: 'A session that sends no offer is closed after ten seconds',
    spec: '2.4',
    run: async (stage) => {
      const { plugin, ids, client } = await joined(stage);
      await plugin.waitFor('close', ids.sessionID, 15_000);
      strictEqual((await sessionsOf(stage.server, client, ids.callID)).status, 404);
    },
  },
  {
    name: 'A first offer that cannot be read ends the session',
    spec: '2.4',
    run: async (stage) => {
      const { plugin, ids } = await joined(stage);
      plugin.rtc(ids.sessionID, 'sdp', { type: 'offer', sdp: 'v=0\r\nnonsense\r\n' });
      await plugin.waitFor('close', ids.sessionID, 15_000);
    },
  },
  {
    name: 'A join of a session that is there leaves it as it is',
    spec: '2.4',
    run: async (stage) => {
      const { plugin, ids, client } = await joined(stage);
      plugin.join({ ...ids, userID: stage.id() });
      await settled(stage, plugin);
      const listed = (await sessionsOf(stage.server, client, ids.callID)).json() as { UserID: string }[];
      deepStrictEqual(
        listed.map(({ UserID }) => UserID),
        [ids.userID],
      );
    },
  },
  {
    name: 'A join that is sent twice counts one session',
    spec: '2.4',
    quirk: {
      rtcd: 'counts the refused join in rtcd_rtc_sessions_total and never takes it back',
      ours: 'counts the sessions there are',
      reason:
        'Autoscaling and dashboards read this gauge; one that only grows says that a server is never empty.',
    },
    observe: async (stage) => {
      const { plugin, ids, client } = await joined(stage);
      plugin.join({ ...ids });
      await settled(stage, plugin);
      const count = await gauge(stage.server, 'rtcd_rtc_sessions_total', { groupID: client.clientID });
      if (count === 1) return 'ours';
      strictEqual(count, 2);
      return 'rtcd';
    },
  },
  {
    name: 'A leave by another client ends nothing',
    spec: '0',
    quirk: {
      rtcd: 'looks a session up by its id alone, so any client that knows the id can end it',
      ours: 'touches only sessions of the client that asks',
      reason:
        'Several Mattermost installations may share one server; none may reach into another one’s calls.',
    },
    observe: async (stage) => {
      const { ids, client } = await joined(stage);
      const stranger = await stage.plugin();
      stranger.leave(ids.sessionID);
      await settled(stage, stranger);
      const { status } = await sessionsOf(stage.server, client, ids.callID);
      return status === 200 ? 'ours' : 'rtcd';
    },
  },
  {
    name: 'A message by another client reaches no session',
    spec: '0',
    quirk: {
      rtcd: 'takes the first offer of a session from any client that knows its id',
      ours: 'drops it',
      reason: 'As above: a client that could send an offer for somebody else would take over the session.',
    },
    observe: async (stage) => {
      const stranger = await stage.plugin(); // Before the join: a session without an offer lives for ten seconds.
      const { plugin, ids } = await joined(stage);
      stranger.rtc(ids.sessionID, 'sdp', firstOffer);
      await settled(stage, stranger);
      const outcome = await Promise.race([
        plugin.waitFor('rtc', ids.sessionID, 20_000).then(() => 'rtcd' as const),
        plugin.waitFor('close', ids.sessionID, 20_000).then(() => 'ours' as const),
      ]);
      return outcome;
    },
  },
]);
