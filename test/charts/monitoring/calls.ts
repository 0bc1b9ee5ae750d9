/** Calls on a real SFU without browsers: some people talk for as long as it is wanted, others come and go. */
import { encode } from '@msgpack/msgpack';
import { cleanup } from 'node-datachannel';
import { eventually } from '../../support/eventually.ts';
import { Peer } from '../../sfu/call/peer.ts';
import { connectPlugin, type Plugin } from '../../sfu/plugin.ts';

/** What goes on. */
export interface Calls {
  stop(): void;
}

const speakingMs = 20;
const reportingMs = 500;
const visitMs = 2_000;

/** Two calls of two; resolves when everybody talks. */
export async function startCalls(url: string): Promise<Calls> {
  const plugin = await connectPlugin(url);
  const talkers = await Promise.all(
    ['a', 'b'].flatMap((call) => ['ann', 'bob'].map((who) => talker(plugin, call, `${who}-${call}`))),
  );
  let visitor: Peer | undefined;
  let visits = 0;
  const timers = [
    setInterval(() => talkers.forEach((peer) => peer.speak(Buffer.alloc(80, 1))), speakingMs),
    setInterval(() => talkers.forEach(report), reportingMs),
    setInterval(() => {
      leave(plugin, visitor);
      visitor = new Peer(plugin.join('a', `visitor-${++visits}`));
    }, visitMs),
  ];
  await eventually(() => talkers.map(deaf).find((missing) => missing !== undefined), { timeoutMs: 30_000 });
  return {
    stop() {
      timers.forEach(clearInterval);
      [...talkers, visitor].forEach((peer) => peer?.close());
      plugin.socket.terminate();
      cleanup();
    },
  };
}

async function talker(plugin: Plugin, call: string, sessionID: string): Promise<Peer> {
  const peer = new Peer(plugin.join(call, sessionID));
  await eventually(() => (peer.channel.isOpen() ? undefined : `the data channel of ${sessionID}`));
  await lockOf(peer);
  peer.addVoice();
  await eventually(() => (peer.plugin.received.length > 2 ? undefined : 'the answer to the microphone'));
  peer.say('08');
  return peer;
}

async function lockOf(peer: Peer): Promise<void> {
  await eventually(() => {
    if (peer.messages.includes('07c3')) return undefined;
    peer.say('07');
    return 'the lock';
  });
}

/** Loss, round trip and jitter, as clients report them (wire spec 4.2). */
function report(peer: Peer): void {
  if (!peer.channel.isOpen()) return;
  for (const type of [4, 5, 6])
    peer.say(Buffer.concat([encode(type), encode(0.005 + Math.random() / 50)]).toString('hex'));
}

function leave(plugin: Plugin, visitor: Peer | undefined): void {
  if (visitor === undefined) return;
  plugin.send('leave', { sessionID: visitor.plugin.sessionID });
  visitor.close();
}

function deaf({ packets, plugin: { sessionID } }: Peer): string | undefined {
  return packets.length > 20 ? undefined : `${sessionID} has heard ${packets.length} packets`;
}
