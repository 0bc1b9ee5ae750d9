/** Who speaks: `vad` messages (wire spec 5). */
import { deepStrictEqual, strictEqual } from 'node:assert/strict';

import { eventually } from '../../../support/eventually.ts';
import type { CallPeer } from '../../peer.ts';
import { scenarios } from '../../scenario.ts';

/** Packets of 20 ms in a second. */
const second = 50;
/** Words: loud for 280 ms, quiet for 120 ms. */
const words = (index: number): number => (index % 20 < 14 ? 15 : 90);
const silence = (): number => 127;

/** Scenarios of one speaker. */
export const speech = scenarios([
  {
    name: 'Speech turns a voice on, and two seconds of silence turn it off',
    spec: '5',
    run: async (stage) => {
      const peer = await stage.peer();
      const voice = await peer.addVoice();
      peer.unmute();
      await voice.speak(2 * second, silence);
      deepStrictEqual(vadOf(peer), []);
      await voice.speak(4 * second, words);
      deepStrictEqual(vadOf(peer), ['on']);
      voice.babble(silence);
      await eventually(() => (vadOf(peer).length >= 2 ? undefined : vadOf(peer).join()));
      deepStrictEqual(vadOf(peer), ['on', 'off']);
    },
  },
  {
    name: 'The same speech twice turns a voice on and off twice',
    spec: '5',
    run: async (stage) => {
      const peer = await stage.peer();
      const voice = await peer.addVoice();
      peer.unmute();
      for (let turn = 0; turn < 2; turn += 1) {
        await voice.speak(3 * second, words);
        await voice.speak(4 * second, silence);
      }
      await eventually(() => (vadOf(peer).length >= 4 ? undefined : vadOf(peer).join()));
      deepStrictEqual(vadOf(peer), ['on', 'off', 'on', 'off']);
    },
  },
  {
    name: 'A pause within speech does not turn a voice off',
    spec: '5',
    run: async (stage) => {
      const peer = await stage.peer();
      const voice = await peer.addVoice();
      peer.unmute();
      await voice.speak(3 * second, words);
      await voice.speak(second / 2, silence);
      await voice.speak(2 * second, words);
      deepStrictEqual(vadOf(peer), ['on']);
    },
  },
  {
    name: 'Mute turns a voice off at once',
    spec: '5',
    run: async (stage) => {
      const peer = await stage.peer();
      const voice = await peer.addVoice();
      peer.unmute();
      voice.babble(words);
      await eventually(() => (vadOf(peer).join() === 'on' ? undefined : vadOf(peer).join()));
      peer.mute();
      await eventually(() => (vadOf(peer).join() === 'on,off' ? undefined : vadOf(peer).join()));
    },
  },
  {
    name: 'Mute says that a voice is off even when it was not on',
    spec: '5',
    run: async (stage) => {
      const peer = await stage.peer();
      const voice = await peer.addVoice();
      peer.unmute();
      await voice.speak(second / 2, silence);
      peer.mute();
      await eventually(() => (vadOf(peer).join() === 'off' ? undefined : vadOf(peer).join()));
    },
  },
  {
    name: 'A message about speech names group, user, session and call, and carries no data',
    spec: '5',
    run: async (stage) => {
      const callID = stage.id();
      const userID = stage.id();
      const peer = await stage.peer({ callID, userID });
      const voice = await peer.addVoice();
      peer.unmute();
      voice.babble(words);
      const { data } = await peer.plugin.waitFor('vad', peer.sessionID);
      deepStrictEqual(data, {
        group_id: peer.plugin.clientID,
        user_id: userID,
        session_id: peer.sessionID,
        call_id: callID,
        type: 7,
      });
    },
  },
  {
    name: 'A message about speech goes to the connection of its own session only',
    spec: '5',
    run: async (stage) => {
      const client = await stage.register();
      const [own, others] = [await stage.plugin(client), await stage.plugin(client)];
      const callID = stage.id();
      const speaker = await stage.peer({ plugin: own, callID });
      await stage.peer({ plugin: others, callID });
      const voice = await speaker.addVoice();
      speaker.unmute();
      voice.babble(words);
      await own.waitFor('vad', speaker.sessionID);
      strictEqual(others.about('vad', speaker.sessionID).length, 0);
    },
  },
  {
    name: 'Who only listens is never said to speak',
    spec: '5',
    run: async (stage) => {
      const callID = stage.id();
      const plugin = await stage.plugin();
      const [speaker, listener] = [
        await stage.peer({ plugin, callID }),
        await stage.peer({ plugin, callID }),
      ];
      const voice = await speaker.addVoice();
      speaker.unmute();
      await voice.speak(3 * second, words);
      await eventually(() => (vadOf(speaker).length > 0 ? undefined : 'the speaker is not said to speak'));
      deepStrictEqual(vadOf(listener), []);
    },
  },
]);

/** What was said about a user's own voice, in order. */
function vadOf({ plugin, sessionID }: CallPeer): readonly string[] {
  return plugin.about('vad', sessionID).map(({ data }) => (data['type'] === 7 ? 'on' : 'off'));
}
