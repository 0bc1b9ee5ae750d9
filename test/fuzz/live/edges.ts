/** Every way into a running server, and what is sent there. Each attack returns how many inputs it made. */
import fc from 'fast-check';

import { Peer } from '../../sfu/call/peer.ts';
import { eventually } from '../../support/eventually.ts';
import { anyRequest } from '../grammar/http.ts';
import { anyDataFrame, anyDescription, anyPluginFrame } from '../grammar/messages.ts';
import { msgpackBytes, msgpackMap, msgpackText } from '../grammar/msgpack.ts';
import { anyPacket, anyStream } from '../grammar/packets.ts';
import { anyStun } from '../grammar/stun.ts';
import { anyFrames } from '../grammar/webSocket.ts';
import { type Draw, drawFrom, each } from './draw.ts';
import { openHalf, takePath } from './insider.ts';
import { basicAuth, connectPlugin, type Plugin, register } from './plugin.ts';
import { openSender, poke } from './sockets.ts';
import type { Target } from './target.ts';

/** A way in. */
export interface LiveEdge {
  readonly name: string;
  /** Share of the inputs of a round; what takes longer has less. */
  readonly share: number;
  attack(target: Target, draw: Draw): Promise<number>;
}

/** The attackers' client: everything they may spoil is its own. */
const clientID = 'attacker';

/** In the order of a round. */
export const liveEdges: readonly LiveEdge[] = [
  {
    name: 'HTTP',
    share: 1,
    attack: (target, draw) => each(drawFrom(anyRequest, draw), (text) => poke(target.apiPort, [text])),
  },
  { name: 'WebSocket', share: 0.5, attack: attackWebSocket },
  { name: 'plugin messages', share: 2, attack: withPlugin(attackMessages) },
  { name: 'descriptions', share: 1, attack: withPlugin(attackDescriptions) },
  { name: 'data channel', share: 2, attack: withPlugin(attackDataChannel) },
  { name: 'STUN over UDP', share: 5, attack: withPlugin(attackStun) },
  { name: 'packets over UDP', share: 5, attack: attackPackets },
  { name: 'packets on a path', share: 2, attack: withPlugin(attackPath) },
  { name: 'media port over TCP', share: 1, attack: withPlugin(attackTcp) },
];

/** Frames after an upgrade that was let through, in one go with it. */
async function attackWebSocket({ sfu, apiPort }: Target, draw: Draw): Promise<number> {
  await register(sfu.url, clientID);
  const upgrade = [
    'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: ${basicAuth(clientID)}\r\n\r\n`,
  ].join('\r\n');
  return each(drawFrom(anyFrames, draw), (bytes) => poke(apiPort, [upgrade, bytes]));
}

type PluginAttack = (plugin: Plugin, target: Target, draw: Draw) => Promise<number>;

function withPlugin(attack: PluginAttack): LiveEdge['attack'] {
  return async (target, draw) => {
    const plugin = await connectPlugin(target.sfu.url, clientID);
    try {
      return await attack(plugin, target, draw);
    } finally {
      await leaveAll(plugin);
      plugin.close();
    }
  };
}

/** What the grammars name: whoever joined under these leaves. */
async function leaveAll(plugin: Plugin): Promise<void> {
  for (const sessionID of ['s1', 's2', 'c1', '1']) plugin.join('c1', sessionID).leave();
  await eventually(() => (plugin.socket.bufferedAmount === 0 ? undefined : 'the leaves'));
}

async function attackMessages({ socket }: Plugin, _target: Target, draw: Draw): Promise<number> {
  return each(
    drawFrom(anyPluginFrame, draw),
    (data) => new Promise<void>((resolve) => socket.send(data, () => resolve())),
  );
}

/** Each about a session of its own, so that it meets a transport that waits for it. */
async function attackDescriptions(plugin: Plugin, _target: Target, draw: Draw): Promise<number> {
  let number = 0;
  return each(
    drawFrom(fc.array(anyDescription, { minLength: 1, maxLength: 3 }), draw),
    async (descriptions) => {
      const { session } = await openHalf(plugin, `call${draw.seed}`, `d${(number += 1)}`);
      for (const description of descriptions) {
        const fields = [
          ['session_id', msgpackText(session.sessionID)],
          ['type', Uint8Array.of(2)],
          ['data', msgpackBytes(description)],
        ] as const;
        const map = msgpackMap(fields.map(([name, value]) => [msgpackText(name), value] as const));
        plugin.socket.send(Buffer.concat([msgpackText('rtc'), map]));
      }
      session.leave();
      await eventually(() => (session.received.at(-1)?.type === 'close' ? undefined : 'close'), {
        intervalMs: 5,
      });
    },
  );
}

/** A client that is connected and says what it likes, until it is thrown out and comes back. */
async function attackDataChannel(plugin: Plugin, _target: Target, draw: Draw): Promise<number> {
  const frames = drawFrom(anyDataFrame, draw);
  let peer: Peer | undefined;
  for (const [index, { ppid, data }] of frames.entries()) {
    if (peer?.channel.isOpen() !== true || isClosed(peer)) {
      peer?.close();
      peer = new Peer(plugin.join('data', `p${draw.seed}x${index}`));
      const { channel } = peer;
      await eventually(() => (channel.isOpen() ? undefined : 'data channel of the attacker'));
    }
    sayTo(peer, ppid, data);
    if (index % 50 === 49) await drained(peer);
  }
  peer?.plugin.leave();
  peer?.close();
  return frames.length;
}

/** The server may end the session while we speak; then the next input opens another. */
function sayTo({ channel }: Peer, ppid: number, data: Uint8Array): void {
  try {
    if (ppid === 51) channel.sendMessage(Buffer.from(data).toString('latin1'));
    else channel.sendMessageBinary(Buffer.from(data));
  } catch {
    channel.close();
  }
}

/** What was sent has been answered, or ended the session. */
async function drained(peer: Peer): Promise<void> {
  const before = peer.messages.length;
  await eventually(
    () => {
      if (isClosed(peer) || !peer.channel.isOpen() || peer.messages.length > before) return undefined;
      peer.say('01');
      return 'pong for the attacker';
    },
    { intervalMs: 20 },
  );
}

function isClosed({ plugin }: Peer): boolean {
  return plugin.received.at(-1)?.type === 'close';
}

async function attackStun(plugin: Plugin, { mediaPort }: Target, draw: Draw): Promise<number> {
  const half = await openHalf(plugin, 'stun', `u${draw.seed}`);
  const sender = openSender(mediaPort);
  try {
    return await each(drawFrom(anyStun([half.credentials]), draw), (data) => sender.send(data));
  } finally {
    sender.close();
    half.session.leave();
  }
}

async function attackPackets({ mediaPort }: Target, draw: Draw): Promise<number> {
  const sender = openSender(mediaPort);
  try {
    return await each(drawFrom(anyPacket, draw), (data) => sender.send(data));
  } finally {
    sender.close();
  }
}

/** The same from where the server takes it for the session's: after ICE, and until DTLS gives up on it. */
async function attackPath(plugin: Plugin, { mediaPort }: Target, draw: Draw): Promise<number> {
  const packets = drawFrom(anyPacket, draw);
  const perSession = 20;
  for (let at = 0; at < packets.length; at += perSession) {
    const half = await openHalf(plugin, 'path', `i${draw.seed}x${at}`);
    const sender = await takePath(half.credentials, mediaPort);
    for (const packet of packets.slice(at, at + perSession)) await sender.send(packet);
    half.session.leave();
    sender.close();
  }
  return packets.length;
}

async function attackTcp(plugin: Plugin, { mediaPort }: Target, draw: Draw): Promise<number> {
  const half = await openHalf(plugin, 'tcp', `t${draw.seed}`);
  const streams = drawFrom(anyStream(fc.oneof(anyPacket, anyStun([half.credentials]))), draw);
  const count = await each(streams, (bytes) => poke(mediaPort, [bytes], 20));
  half.session.leave();
  return count;
}
