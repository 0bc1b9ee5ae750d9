/** A client counts a connection as lost when its pings stay unanswered, whatever else the server has to do. */
import { randomBytes } from 'node:crypto';

import { afterAll, afterEach, expect, test } from '@jest/globals';
import { cleanup } from 'node-datachannel';

import { basic } from '../contract/http.ts';
import { openPlugin, type Plugin } from '../contract/plugin.ts';
import { pluginPeer } from '../contract/pluginPeer.ts';
import { eventually } from '../support/eventually.ts';
import { type SfuProcess, startSfu } from './process.ts';

const id = (): string => randomBytes(13).toString('hex');
const authKey = 'k'.repeat(32);

let sfu: SfuProcess | undefined;
let plugin: Plugin | undefined;
afterEach(async () => {
  plugin?.drop();
  await sfu?.stop();
});

afterAll(() => cleanup());

test('pings are answered while the process that decides is held up', async () => {
  const server = (sfu = await startSfu());
  const clientID = id();
  await fetch(`${server.url}/register`, { method: 'POST', body: JSON.stringify({ clientID, authKey }) });
  const wsUrl = `${server.url.replace('http', 'ws')}/ws`;
  plugin = await openPlugin({ wsUrl }, { clientID, basic: basic(clientID, authKey) });
  const [callID, sessionID] = [id(), id()];
  plugin.join({ callID, userID: id(), sessionID, channelID: callID, dcSignaling: true, av1Support: false });
  let pongs = 0;
  const peer = pluginPeer(plugin, sessionID, {
    dcSignaling: true,
    onPacket: () => undefined,
    onFailed: () => undefined,
    onChannelMessage: (message) => {
      if (Buffer.from(message as Uint8Array).equals(Buffer.of(2))) pongs += 1;
    },
  });
  try {
    await peer.opened();
    await eventually(() => (pongs > 0 ? undefined : 'the first pong'), { timeoutMs: 20_000 });
    expect(server.child.kill('SIGSTOP')).toBe(true);
    const before = pongs;
    await eventually(() => (pongs >= before + 3 ? undefined : `${pongs - before} of 3 pongs came`), {
      timeoutMs: 20_000,
    });
  } finally {
    server.child.kill('SIGCONT');
    peer.close();
  }
}, 60_000);
