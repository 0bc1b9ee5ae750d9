/** How sessions and sockets come and go, in good and in bad order. */
import { connect, type Socket } from 'node:net';

import { Peer } from '../../sfu/call/peer.ts';
import { hears, offers, unmute } from '../../sfu/call/scene.ts';
import { eventually } from '../../support/eventually.ts';
import { each } from '../live/draw.ts';
import { openHalf, takePath } from '../live/insider.ts';
import { connectPlugin, type Plugin } from '../live/plugin.ts';
import type { Target } from '../live/target.ts';

/** What a wave works with. `tag` makes its IDs its own. */
export interface WaveGround {
  readonly target: Target;
  readonly plugin: Plugin;
  readonly tag: string;
}

/** Some way of coming and going. */
export interface Wave {
  readonly name: string;
  /** Of a round's sessions. */
  readonly share: number;
  /** The server ends what is left by a time-out, half a minute and more later. */
  readonly isSlow: boolean;
  run(ground: WaveGround, count: number): Promise<void>;
}

const numbers = (count: number): number[] => Array.from({ length: Math.ceil(count) }, (_, index) => index);

/** In the order of a round: what takes long to end comes first. */
export const waves: readonly Wave[] = [
  { name: 'API sockets that say nothing, or half of it', share: 0.08, isSlow: true, run: openSlowSockets },
  { name: 'joined, never offered', share: 0.05, isSlow: true, run: joinOnly },
  { name: 'answered, never connected', share: 0.05, isSlow: true, run: answerOnly },
  { name: 'path lost before DTLS', share: 0.01, isSlow: true, run: losePath },
  { name: 'answered and left', share: 0.83, isSlow: false, run: comeAndGo },
  { name: 'talked, heard, and left', share: 0.04, isSlow: false, run: talkAndGo },
  { name: 'gone without a word', share: 0.02, isSlow: false, run: vanish },
  { name: 'plugins cut off', share: 0.02, isSlow: false, run: cutPlugins },
  { name: 'media sockets that say nothing', share: 0.05, isSlow: false, run: openMediaSockets },
];

/** Half of a request, or of its body, or of TLS: none is ever finished. The server has to hang up. */
const halves = [
  '',
  'GET /version HTTP/1.1\r\nHost: a\r\n',
  'POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{',
  '\u0016\u0003\u0001',
];

async function openSlowSockets({ target }: WaveGround, count: number): Promise<void> {
  await each(numbers(count), async (number) => {
    const socket = await openSocket(target.apiPort);
    socket.write(halves[number % halves.length] ?? '');
  });
}

async function openMediaSockets({ target }: WaveGround, count: number): Promise<void> {
  const sockets: Socket[] = [];
  await each(numbers(count), async (number) => {
    const socket = await openSocket(target.mediaPort);
    socket.write(Buffer.alloc(number % 3, 1));
    sockets.push(socket);
  });
  for (const socket of sockets) socket.destroy();
}

async function joinOnly({ plugin, tag }: WaveGround, count: number): Promise<void> {
  await each(numbers(count), (number) => Promise.resolve(plugin.join(`j${number % 9}`, `j${tag}x${number}`)));
}

async function answerOnly({ plugin, tag }: WaveGround, count: number): Promise<void> {
  await each(numbers(count), (number) => openHalf(plugin, `a${number % 9}`, `a${tag}x${number}`));
}

async function losePath({ target, plugin, tag }: WaveGround, count: number): Promise<void> {
  await each(numbers(count), async (number) => {
    const half = await openHalf(plugin, 'lost', `l${tag}x${number}`);
    const sender = await takePath(half.credentials, target.mediaPort);
    sender.close();
  });
}

async function comeAndGo({ plugin, tag }: WaveGround, count: number): Promise<void> {
  await each(numbers(count), async (number) => {
    const { session } = await openHalf(plugin, `g${number % 50}`, `g${tag}x${number}`);
    session.leave();
    await eventually(() => (session.received.at(-1)?.type === 'close' ? undefined : 'close'), {
      intervalMs: 5,
    });
  });
}

/** Two at a time, in a call of their own. */
async function talkAndGo({ plugin, tag }: WaveGround, count: number): Promise<void> {
  for (const number of numbers(count / 2)) {
    const callID = `t${tag}x${number}`;
    const [ann, bob] = [await enter(plugin, callID, `${callID}a`), await enter(plugin, callID, `${callID}b`)];
    await unmute(ann);
    const talk = setInterval(() => ann.speak(Buffer.alloc(80, 1)), 20);
    await hears(bob, ann, 3);
    clearInterval(talk);
    for (const peer of [ann, bob]) {
      peer.plugin.leave();
      peer.close();
    }
  }
}

/** The connection is closed by the client, and its plugin does not know. */
async function vanish({ plugin, tag }: WaveGround, count: number): Promise<void> {
  for (const number of numbers(count)) (await enter(plugin, 'vanish', `v${tag}x${number}`)).close();
}

async function cutPlugins({ target }: WaveGround, count: number): Promise<void> {
  await each(numbers(count), async () => (await connectPlugin(target.sfu.url, 'churn')).socket.terminate());
}

async function enter(plugin: Plugin, callID: string, sessionID: string): Promise<Peer> {
  const peer = new Peer(plugin.join(callID, sessionID));
  await eventually(
    () => (offers(peer) > 0 && peer.channel.isOpen() ? undefined : `${sessionID} has no offer`),
    { intervalMs: 10 },
  );
  return peer;
}

function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', () => undefined).resume();
  });
}
