/** Who leaves, comes back, or is in another call (wire spec 2, 3.15). */
import { strictEqual } from 'node:assert/strict';

import { scenarios } from '../../scenario.ts';
import { callOf, heard, membersOf, offersTo, sdpOf, silent, talk } from './members.ts';

/** Scenarios of calls whose members change. */
export const comeAndGo = scenarios([
  {
    name: 'A call goes on for the others when somebody leaves',
    spec: '3.15',
    run: async (stage) => {
      const [leaver, speaker, listener] = await membersOf(stage, 3);
      await talk(leaver);
      await talk(speaker);
      await heard(listener, leaver);
      leaver.leave();
      await leaver.plugin.waitFor('close', leaver.sessionID);
      await silent(listener, leaver);
      await heard(listener, speaker);
      strictEqual(listener.failure(), undefined);
    },
  },
  {
    name: 'A peer connection that closes ends its session, unasked',
    spec: '2.6',
    run: async (stage) => {
      const [leaver, stayer] = await membersOf(stage, 2);
      leaver.close();
      await leaver.plugin.waitFor('close', leaver.sessionID, 40_000);
      strictEqual(stayer.plugin.about('close', stayer.sessionID).length, 0);
    },
  },
  {
    name: 'Calls do not mix: another call of the client hears nothing',
    spec: '0',
    run: async (stage) => {
      const [speaker, member] = await membersOf(stage, 2);
      const outsider = await stage.peer({ plugin: speaker.plugin });
      await talk(speaker);
      await heard(member, speaker);
      strictEqual(outsider.packetsOf(speaker.sessionID).length, 0);
    },
  },
  {
    name: 'The same call id at another client is another call',
    spec: '0',
    run: async (stage) => {
      const [speaker, member] = await membersOf(stage, 2);
      const stranger = await stage.peer({ callID: callOf.get(speaker) ?? '' });
      await talk(speaker);
      await heard(member, speaker);
      strictEqual(stranger.packetsOf(speaker.sessionID).length, 0);
      strictEqual(offersTo(stranger) === 0 || !sdpOf(stranger).includes(speaker.sessionID), true);
    },
  },
  {
    name: 'A user may leave and join again under a new session',
    spec: '3.15',
    run: async (stage) => {
      const [leaver, listener] = await membersOf(stage, 2);
      leaver.leave();
      await leaver.plugin.waitFor('close', leaver.sessionID);
      const again = await stage.peer({ plugin: leaver.plugin, callID: callOf.get(leaver) ?? '' });
      await talk(again);
      await heard(listener, again);
    },
  },
  {
    name: 'Media goes on while the plugin’s connection is away, and signaling after it reconnects',
    spec: '2.7',
    run: async (stage) => {
      const client = await stage.register();
      const [own, others] = [await stage.plugin(client), await stage.plugin(client)];
      const callID = stage.id();
      const speaker = await stage.peer({ plugin: own, callID });
      const listener = await stage.peer({ plugin: others, callID });
      await talk(speaker);
      await heard(listener, speaker);
      own.drop();
      await heard(listener, speaker);
      const renewed = await stage.plugin(client);
      renewed.reconnect(speaker.sessionID);
      renewed.rtc(speaker.sessionID, 'mute');
      await silent(listener, speaker);
    },
  },
]);
