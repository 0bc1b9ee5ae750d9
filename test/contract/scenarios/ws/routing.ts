/** Which connection a session's messages come in on and go out to (wire spec 2.5 to 2.7). */
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';

import { eventually } from '../../../support/eventually.ts';
import type { Plugin } from '../../plugin.ts';
import { scenarios } from '../../scenario.ts';
import { firstOffer, joined, missingSession, newIds, sessionsOf, settled } from '../joined.ts';
import { gauge } from '../samples.ts';

/** Scenarios of several connections of one client. */
export const routing = scenarios([
  {
    name: 'An offer right behind its join is answered',
    spec: '2.7',
    run: async (stage) => {
      const plugin = await stage.plugin();
      const ids = newIds(stage);
      plugin.join({ ...ids });
      plugin.rtc(ids.sessionID, 'sdp', firstOffer);
      strictEqual(descriptionIn(await answerAt(plugin, ids.sessionID)).type, 'answer');
    },
  },
  {
    name: 'A message of the server names group, user, session and call',
    spec: '2.3',
    run: async (stage) => {
      const { plugin, ids, client } = await joined(stage);
      plugin.rtc(ids.sessionID, 'sdp', firstOffer);
      const data = await answerAt(plugin, ids.sessionID);
      deepStrictEqual(
        { ...data, data: undefined },
        {
          group_id: client.clientID,
          user_id: ids.userID,
          session_id: ids.sessionID,
          call_id: ids.callID,
          type: 2,
          data: undefined,
        },
      );
      ok(data['data'] instanceof Uint8Array, 'the description comes as bytes');
    },
  },
  {
    name: 'A session that reconnects and goes on there is answered there',
    spec: '2.5',
    run: async (stage) => {
      const { plugin, ids, client } = await joined(stage);
      const other = await stage.plugin(client);
      other.reconnect(ids.sessionID);
      other.rtc(ids.sessionID, 'sdp', firstOffer);
      await answerAt(other, ids.sessionID);
      strictEqual(plugin.about('rtc', ids.sessionID).length, 0);
    },
  },
  {
    name: 'A reconnect on the same connection changes nothing',
    spec: '2.5',
    run: async (stage) => {
      const { plugin, ids } = await joined(stage);
      plugin.reconnect(ids.sessionID);
      plugin.rtc(ids.sessionID, 'sdp', firstOffer);
      await answerAt(plugin, ids.sessionID);
    },
  },
  {
    name: 'A reconnect of a session that is not there is answered by nothing',
    spec: '2.5',
    run: async (stage) => {
      const plugin = await stage.plugin();
      const before = plugin.received.length;
      const sessionID = stage.id();
      plugin.reconnect(sessionID);
      plugin.reconnect('');
      await settled(stage, plugin);
      strictEqual(plugin.received.length, before + 1);
    },
  },
  {
    name: 'A session may leave by another connection than the one that joined',
    spec: '2.6',
    run: async (stage) => {
      const { ids, client } = await joined(stage);
      const other = await stage.plugin(client);
      other.leave(ids.sessionID);
      await settled(stage, other);
      await eventually(async () => {
        const { status } = await sessionsOf(stage.server, client, ids.callID);
        return status === 404 ? undefined : `the call is still there: ${status}`;
      });
    },
  },
  {
    name: 'After a reconnect the close goes to the connection that owns the session now',
    spec: '2.6',
    quirk: {
      rtcd: 'sends it to the connection that joined',
      ours: 'sends it to the connection that reconnected',
      reason:
        'Only the node that owns the session can act on it; rtcd’s is lost, and the user stays in the call.',
    },
    observe: async (stage) => {
      const { plugin, ids, client } = await joined(stage);
      const other = await stage.plugin(client);
      other.reconnect(ids.sessionID);
      other.leave(ids.sessionID);
      await Promise.race([plugin.waitFor('close', ids.sessionID), other.waitFor('close', ids.sessionID)]);
      await settled(stage, other);
      return other.about('close', ids.sessionID).length > 0 ? 'ours' : 'rtcd';
    },
  },
  {
    name: 'A close whose connection is gone reaches another connection of the client',
    spec: '2.7',
    quirk: {
      rtcd: 'loses it',
      ours: 'sends it to a connection of the client that is open',
      reason:
        'A plugin that lost its connection for a second would otherwise show the user in the call for ever.',
    },
    observe: async (stage) => {
      const { plugin, ids, client } = await joined(stage);
      const other = await stage.plugin(client);
      plugin.drop();
      await eventually(async () => {
        const count = await gauge(stage.server, 'rtcd_ws_connections_total', { clientID: client.clientID });
        return count === 1 ? undefined : `${count} connections`;
      });
      other.leave(ids.sessionID);
      await settled(stage, other);
      return other.about('close', ids.sessionID).length > 0 ? 'ours' : 'rtcd';
    },
  },
  {
    name: 'An answer whose connection is gone reaches another connection of the client',
    spec: '2.7',
    quirk: {
      rtcd: 'loses every message of the session until its user reconnects',
      ours: 'sends it to the connection that the session was heard on last, or to one that is open',
      reason: 'After a plugin’s own reconnect the calls that are up stay able to negotiate.',
    },
    observe: async (stage) => {
      const { plugin, ids, client } = await joined(stage);
      const other = await stage.plugin(client);
      plugin.drop();
      other.rtc(ids.sessionID, 'sdp', firstOffer);
      const reached = await answerAt(other, ids.sessionID, 5000).then(
        () => true,
        () => false,
      );
      strictEqual(missingSession(await sessionsOf(stage.server, client, ids.callID)), undefined);
      return reached ? 'ours' : 'rtcd';
    },
  },
  {
    name: 'Messages about a session that is not there, or of no kind, are dropped',
    spec: '2.7',
    run: async (stage) => {
      const { plugin, ids } = await joined(stage);
      plugin.rtc(stage.id(), 'sdp', firstOffer);
      plugin.rtc(stage.id(), 'unmute');
      plugin.rtc('', 'mute');
      plugin.rtc(ids.sessionID, 0);
      plugin.rtc(ids.sessionID, 99);
      plugin.rtc(ids.sessionID, 'ice');
      plugin.rtc(ids.sessionID, 'sdp', { type: 'rollback', sdp: '' });
      await settled(stage, plugin);
      plugin.rtc(ids.sessionID, 'sdp', firstOffer);
      await answerAt(plugin, ids.sessionID);
    },
  },
  {
    name: 'Ints of a message may be of any size, and its data text or bytes',
    spec: '2.3',
    run: async (stage) => {
      const { plugin, ids } = await joined(stage);
      const json = JSON.stringify(firstOffer);
      const head = Buffer.from('a372746383aa73657373696f6e5f6964ba', 'hex');
      const type = Buffer.from('a474797065ce00000002', 'hex'); // A uint32 where a fixint would do.
      const data = Buffer.concat([Buffer.from('a464617461da', 'hex'), lengthOf(json), Buffer.from(json)]);
      plugin.sendBytes(Buffer.concat([head, Buffer.from(ids.sessionID), type, data]));
      await answerAt(plugin, ids.sessionID);
    },
  },
]);

/** The description that came for a session: its first `rtc` of type 2. */
async function answerAt(
  plugin: Plugin,
  sessionID: string,
  timeoutMs = 10_000,
): Promise<Readonly<Record<string, unknown>>> {
  const find = (): Readonly<Record<string, unknown>> | undefined =>
    plugin.about('rtc', sessionID).find(({ data }) => data['type'] === 2)?.data;
  await eventually(() => (find() === undefined ? `an answer for ${sessionID}` : undefined), { timeoutMs });
  return find() ?? {};
}

function descriptionIn(data: Readonly<Record<string, unknown>>): { readonly type: string } {
  return JSON.parse(Buffer.from(data['data'] as Uint8Array).toString()) as { type: string };
}

function lengthOf(text: string): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(text.length);
  return bytes;
}
