/** What two people do in a call, for tests about what stands around the server. */
import { eventually } from '../support/eventually.ts';
import { descriptionOf, type PluginSession } from '../sfu/call/harness.ts';
import { Peer } from '../sfu/call/peer.ts';

/** Resolves when the person's data channel is open and the server has made its first offer. */
export async function enter(session: PluginSession): Promise<Peer> {
  const peer = new Peer(session);
  await eventually(() => {
    if (count(peer, 'offer') === 0) return `an offer to ${session.sessionID}`;
    return peer.channel.isOpen() ? undefined : `the data channel of ${session.sessionID}`;
  });
  return peer;
}

/** The first unmute, under the lock as clients do it (wire spec 4.3). */
export async function unmute(peer: Peer): Promise<void> {
  await eventually(() => {
    if (peer.messages.includes('07c3')) return undefined;
    peer.say('07');
    return `the lock for ${peer.plugin.sessionID}`;
  });
  const before = count(peer, 'answer');
  peer.addVoice();
  await eventually(() => (count(peer, 'answer') > before ? undefined : 'the answer to the microphone'));
  peer.say('08');
}

/** Resolves when `listener` has got `packets` new packets of `speaker`, who talks meanwhile. */
export async function hears(listener: Peer, speaker: Peer, packets = 10): Promise<void> {
  const { sessionID } = speaker.plugin;
  const got = (): number => listener.packets.filter(({ sender }) => sender === sessionID).length;
  const wanted = got() + packets;
  await eventually(
    () => {
      speaker.speak(Buffer.from('a word'));
      return got() >= wanted ? undefined : `${wanted - got()} packets of ${sessionID}`;
    },
    { intervalMs: 20 },
  );
}

/** Resolves when the server has said that the session is over. */
export async function leave(peer: Peer): Promise<void> {
  peer.plugin.leave();
  await eventually(() =>
    peer.plugin.received.at(-1)?.type === 'close' ? undefined : `the close of ${peer.plugin.sessionID}`,
  );
}

function count(peer: Peer, type: 'offer' | 'answer'): number {
  return peer.plugin.received.filter((message) => descriptionOf(message)?.type === type).length;
}
