/** rtcd's own service client, which the Calls plugin is built with, does what its tests make it do (wire spec 11.1). */
import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';

import { eventually } from '../../support/eventually.ts';
import { ask } from '../http.ts';
import { scenarios } from '../scenario.ts';
import { firstOffer, newIds, settled } from './joined.ts';

const authKey = 'k'.repeat(32);

/** Scenarios driven by the Go client. */
export const pluginClient = scenarios([
  {
    name: 'rtcd’s client registers, connects and is greeted under its id',
    spec: '11.1',
    run: async (stage) => {
      const clientID = stage.id();
      const client = stage.goClient({ clientID, authKey });
      await client.ask('register', { clientID, authKey });
      await client.ask('connect');
      const hello = await client.message('hello');
      strictEqual(hello['clientID'], clientID);
      match(String(hello['connID']), /^[a-z0-9]{26}$/);
      strictEqual(await client.ask('connected'), true);
    },
  },
  {
    name: 'rtcd’s client reads each refusal of a registration in its own words',
    spec: '11.1',
    run: async (stage) => {
      const { clientID } = await stage.register();
      const client = stage.goClient({ clientID: '', authKey: '' });
      const refusals = [
        ['', authKey, 'request failed: registration failed: error: empty key'],
        [stage.id(), '', 'request failed: registration failed: key not long enough'],
        [clientID, authKey, 'request failed: registration failed: already registered'],
      ] as const;
      for (const [id, key, message] of refusals)
        await rejects(client.ask('register', { clientID: id, authKey: key }), { message });
    },
  },
  {
    name: 'rtcd’s client unregisters itself and is refused afterwards',
    spec: '11.1',
    run: async (stage) => {
      const registered = await stage.register();
      const client = stage.goClient(registered);
      await client.ask('unregister', { clientID: registered.clientID });
      await rejects(client.ask('connect'));
      await rejects(client.ask('unregister', { clientID: registered.clientID }), {
        message: 'request failed: authentication failed',
      });
    },
  },
  {
    name: 'rtcd’s client with a wrong key gets no connection',
    spec: '11.1',
    run: async (stage) => {
      const { clientID } = await stage.register();
      const client = stage.goClient({ clientID, authKey: 'x'.repeat(32) });
      await rejects(client.ask('connect'), /bad handshake|failed to create ws client/);
    },
  },
  {
    name: 'rtcd’s client reads the version and the load',
    spec: '11.1',
    run: async (stage) => {
      const client = stage.goClient({ clientID: '', authKey: '' });
      const { buildVersion } = (await client.ask('version')) as { buildVersion: string };
      match(buildVersion, /^v\d+\.\d+\.\d+/);
      // rtcd answers nothing at all while the machine has no idle time, and its client then fails: a scenario of its own.
      await eventually(
        async () => {
          if ((await ask(stage.server, '/system')).text === '') return undefined;
          const { cpu_load: load } = (await client.ask('system')) as { cpu_load: number };
          return typeof load === 'number' ? undefined : `the load is ${String(load)}`;
        },
        { timeoutMs: 30_000 },
      );
    },
  },
  {
    name: 'rtcd’s client joins, signals, sees its session and is told when it ends',
    spec: '11.1',
    run: async (stage) => {
      const client = stage.goClient(await stage.register());
      await client.ask('connect');
      const ids = newIds(stage);
      await client.ask('send', { type: 'join', data: { ...ids, av1Support: false, dcSignaling: false } });
      const payload = Buffer.from(JSON.stringify(firstOffer)).toString('base64');
      await client.ask('send', { type: 'rtc', sessionID: ids.sessionID, rtcType: 2, payload });
      const answer = await client.message('rtc');
      strictEqual(answer['SessionID'], ids.sessionID);
      const { status, sessions } = (await client.ask('sessions', { callID: ids.callID })) as Sessions;
      strictEqual(status, 200);
      deepStrictEqual(
        sessions.map(({ SessionID, UserID }) => [SessionID, UserID]),
        [[ids.sessionID, ids.userID]],
      );
      await client.ask('send', { type: 'leave', data: { sessionID: ids.sessionID } });
      deepStrictEqual(await client.message('close'), { sessionID: ids.sessionID });
    },
  },
  {
    name: 'rtcd’s client looks up one session, and sees by the status that it is gone',
    spec: '11.1',
    run: async (stage) => {
      const client = stage.goClient(await stage.register());
      await client.ask('connect');
      const { callID, sessionID, ...more } = newIds(stage);
      await rejects(client.ask('session', { callID, sessionID }), /404/);
      await client.ask('send', { type: 'join', data: { callID, sessionID, ...more } });
      await eventually(async () => {
        const { sessions } = (await client.ask('session', { callID, sessionID })) as Sessions;
        return sessions[0]?.SessionID === sessionID ? undefined : JSON.stringify(sessions);
      });
      await rejects(client.ask('session', { callID, sessionID: stage.id() }), /404/);
    },
  },
  {
    name: 'rtcd’s client without the right key sees no sessions',
    spec: '11.1',
    run: async (stage) => {
      const client = stage.goClient({ clientID: stage.id(), authKey });
      await rejects(client.ask('sessions', { callID: stage.id() }), /401/);
      await rejects(client.ask('session', { callID: stage.id(), sessionID: stage.id() }), /401/);
    },
  },
  {
    name: 'rtcd’s client comes back by itself when the server went away, and takes its session up again',
    spec: '11.1',
    run: async (stage) => {
      const dir = await stage.folder();
      const options = {
        apiPort: await stage.freePort(),
        env: { RTCD_STORE_DATASOURCE: `${dir}/clients` },
      };
      const first = await stage.start(options);
      const client = stage.goClient(await stage.register(first), first);
      await client.ask('connect');
      await client.message('hello');
      first.signal('SIGTERM');
      await first.ended;
      await eventually(() =>
        client.events.some(({ event }) => event === 'reconnecting') ? undefined : 'an attempt',
      );
      const before = client.events.length;
      await stage.start(options);
      await eventually(
        () => {
          const isGreeted = client.events.slice(before).some(({ type }) => type === 'hello');
          return isGreeted ? undefined : 'a second greeting';
        },
        { timeoutMs: 20_000 },
      );
      const { sessionID } = newIds(stage);
      await client.ask('send', { type: 'reconnect', data: { sessionID } });
      ok((await client.ask('connected')) === true);
    },
  },
  {
    name: 'Two of rtcd’s clients are two Mattermost nodes: each hears about its own sessions only',
    spec: '11.1',
    run: async (stage) => {
      const registered = await stage.register();
      const nodes = [stage.goClient(registered), stage.goClient(registered)];
      const callID = stage.id();
      const joined = nodes.map(() => newIds(stage, callID));
      for (const [index, node] of nodes.entries()) {
        await node.ask('connect');
        await node.ask('send', { type: 'join', data: { ...joined[index] } });
        await node.ask('send', { type: 'leave', data: { sessionID: joined[index]?.sessionID } });
        deepStrictEqual(await node.message('close'), { sessionID: joined[index]?.sessionID });
      }
      await settled(stage, await stage.plugin(registered));
      for (const node of nodes) strictEqual(node.events.filter(({ type }) => type === 'close').length, 1);
    },
  },
]);

interface Sessions {
  readonly status: number;
  readonly sessions: readonly { readonly SessionID: string; readonly UserID: string }[];
}
