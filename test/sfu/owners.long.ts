import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { encode } from '@msgpack/msgpack';
import { eventually } from '../support/eventually.ts';
import { connectPlugin, type Plugin } from './plugin.ts';
import { startSfu, type SfuProcess } from './process.ts';

let sfu: SfuProcess;
const plugins: Plugin[] = [];
beforeEach(async () => {
  sfu = await startSfu();
});
afterEach(async () => {
  for (const { socket } of plugins.splice(0)) socket.terminate();
  await sfu.stop();
});

async function node(): Promise<Plugin> {
  const plugin = await connectPlugin(sfu.url, 'mm');
  plugins.push(plugin);
  return plugin;
}

const hears = ({ received }: Plugin, sessionID: string): boolean =>
  received.some(
    ([type, data]) => type === 'close' && (data as { sessionID: string }).sessionID === sessionID,
  );

async function connections(): Promise<string> {
  const text = await (await fetch(`${sfu.url}/metrics`)).text();
  return /rtcd_ws_connections_total\{clientID="mm"\} (\d+)/.exec(text)?.[1] ?? '0';
}

test('a node that does not read is let go, and the others of that client hear everything', async () => {
  const slow = await node();
  const good = await node();
  slow.socket.pause();
  const flood = Buffer.concat([encode('leave'), encode({ sessionID: 'nobody' })]);
  slow.socket.send(flood);
  good.join('call', 'ann');
  good.send('leave', { sessionID: 'ann' });
  await eventually(() => (hears(good, 'ann') ? undefined : 'close'));
  // It answers no ping either: after twenty seconds the server gives it up.
  await eventually(async () => ((await connections()) === '1' ? undefined : 'the slow one is kept'), {
    timeoutMs: 30_000,
  });
  expect(sfu.output()).toMatch(/Dropped plugin connection .*no pong for 20 s/);
}, 60_000);
