import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { connectPlugin, type Plugin } from './plugin.ts';
import { startSfu, type SfuProcess } from './process.ts';

let sfu: SfuProcess;
const plugins: Plugin[] = [];
beforeEach(async () => {
  sfu = await startSfu({ RTCD_LOGGER_CONSOLELEVEL: 'DEBUG' });
});
afterEach(async () => {
  for (const { socket } of plugins.splice(0)) socket.terminate();
  await sfu.stop();
});

/** One node of a Mattermost: each has a connection of its own under the same client ID. */
async function node(clientID = 'mm'): Promise<Plugin> {
  const plugin = await connectPlugin(sfu.url, clientID);
  plugins.push(plugin);
  return plugin;
}

const closes = ({ received }: Plugin): unknown[] =>
  received.filter(([type]) => type === 'close').map(([, data]) => (data as { sessionID: string }).sessionID);

async function open(clientID: string): Promise<string> {
  const text = await (await fetch(`${sfu.url}/metrics`)).text();
  return new RegExp(`rtcd_ws_connections_total{clientID="${clientID}"} (\\d+)`).exec(text)?.[1] ?? '0';
}

/** Ends a node as a crash does, and waits until the server knows. */
async function crash(plugin: Plugin, left: string): Promise<void> {
  plugin.socket.terminate();
  await eventually(async () => ((await open('mm')) === left ? undefined : `${await open('mm')} connections`));
}

async function joined(sessionID: string): Promise<void> {
  await eventually(() =>
    sfu.output().includes(`sessionID=${sessionID}`) ? undefined : `${sessionID} to join`,
  );
}

test('a session that reconnected by another node is closed there, and that node alone may live', async () => {
  const first = await node();
  const second = await node();
  first.join('call', 'ann');
  await joined('ann');
  second.send('reconnect', { sessionID: 'ann' });
  await eventually(() => (sfu.output().includes('Reconnected') ? undefined : 'the reconnect'));
  await crash(first, '1');
  second.send('leave', { sessionID: 'ann' });
  await eventually(() => (closes(second).includes('ann') ? undefined : 'close'));
});

test('when its node is gone, close goes to any other node of that client, and to no other client', async () => {
  const first = await node();
  const second = await node();
  const stranger = await node('other');
  first.join('call', 'ann');
  await joined('ann');
  await crash(first, '1');
  second.send('leave', { sessionID: 'ann' });
  await eventually(() => (closes(second).includes('ann') ? undefined : 'close'));
  expect(stranger.received.map(([type]) => type)).toEqual(['hello']);
});

test('a node that came back speaks for a session again with its next message, without a reconnect', async () => {
  const first = await node();
  const other = await node();
  first.join('call', 'ann');
  await joined('ann');
  await crash(first, '1');
  const again = await node();
  again.send('rtc', { session_id: 'ann', type: 3 });
  again.send('leave', { sessionID: 'ann' });
  await eventually(() => (closes(again).includes('ann') ? undefined : 'close'));
  // The connection of the join is gone, so its copy went to whoever was there: harmless, as the plugin ignores it.
  expect(closes(other).length + closes(again).length).toBeLessThanOrEqual(2);
});

test('another client can neither see, speak for, nor end a session, even under its very ID', async () => {
  const own = await node();
  const stranger = await node('other');
  own.join('call', 'ann');
  await joined('ann');
  stranger.send('reconnect', { sessionID: 'ann' });
  stranger.send('leave', { sessionID: 'ann' });
  stranger.send('rtc', {
    session_id: 'ann',
    type: 2,
    data: Buffer.from('{"type":"offer","sdp":"nonsense"}'),
  });
  stranger.join('call', 'bob');
  await joined('bob');
  expect([closes(own), closes(stranger)]).toEqual([[], []]);
  stranger.join('call', 'ann');
  stranger.send('leave', { sessionID: 'ann' });
  await eventually(() => (closes(stranger).includes('ann') ? undefined : 'close of the stranger’s own ann'));
  own.send('leave', { sessionID: 'ann' });
  await eventually(() => (closes(own).includes('ann') ? undefined : 'close of ann'));
});

test('messages of one connection take effect in order, however fast they come', async () => {
  const plugin = await node();
  for (let index = 0; index < 200; index += 1) {
    plugin.join('call', `s${index}`);
    plugin.send('leave', { sessionID: `s${index}` });
  }
  await eventually(() => (closes(plugin).length === 200 ? undefined : `${closes(plugin).length} closes`));
  expect(closes(plugin)).toEqual(Array.from({ length: 200 }, (_, index) => `s${index}`));
});
