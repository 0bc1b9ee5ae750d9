/** What of a call is counted and measured (wire spec 8). */
import { strictEqual } from 'node:assert/strict';

import { eventually } from '../../../support/eventually.ts';
import { scenarios } from '../../scenario.ts';
import { gauge } from '../samples.ts';
import { heard, membersOf, talk } from './members.ts';

/** Scenarios of the metrics of a call. */
export const counted = scenarios([
  {
    name: 'Tracks and sessions are counted by direction and codec',
    spec: '8',
    run: async (stage) => {
      const [speaker, one, other] = await membersOf(stage, 3);
      await talk(speaker);
      for (const listener of [one, other]) await heard(listener, speaker);
      const groupID = speaker.plugin.clientID;
      const tracks = async (direction: string): Promise<number> =>
        await gauge(stage.server, 'rtcd_rtc_rtp_tracks_total', { groupID, direction, type: 'audio/opus' });
      await eventually(async () => {
        const found = [await tracks('in'), await tracks('out')];
        return found.join() === '1,2' ? undefined : found.join();
      });
      strictEqual(await gauge(stage.server, 'rtcd_rtc_sessions_total', { groupID }), 3);
    },
  },
  {
    name: 'Tracks of a speaker who left are counted no more',
    spec: '8',
    quirk: {
      rtcd: 'counts them as going out until their listener leaves too',
      ours: 'counts what is sent',
      reason: 'The panel of outgoing tracks is otherwise only a history of the call.',
    },
    observe: async (stage) => {
      const [speaker, listener] = await membersOf(stage, 2);
      await talk(speaker);
      await heard(listener, speaker);
      speaker.leave();
      await speaker.plugin.waitFor('close', speaker.sessionID);
      const labels = { groupID: speaker.plugin.clientID, direction: 'out', type: 'audio/opus' };
      const isTrue = await eventually(async () => {
        const found = await gauge(stage.server, 'rtcd_rtc_rtp_tracks_total', labels);
        return found === 0 ? undefined : `${found} tracks`;
      }).then(
        () => true,
        () => false,
      );
      return isTrue ? 'ours' : 'rtcd';
    },
  },
  {
    name: 'Times of connecting, of the data channel and of the lock are measured',
    spec: '8',
    run: async (stage) => {
      const [speaker, listener] = await membersOf(stage, 2);
      await talk(speaker);
      await heard(listener, speaker);
      const labels = { groupID: speaker.plugin.clientID };
      for (const name of [
        'connection_time',
        'dc_open_time',
        'signaling_lock_grab_time',
        'signaling_lock_locked_time',
      ])
        await eventually(async () => {
          const found = await gauge(stage.server, `rtcd_rtc_${name}_count`, labels);
          return found > 0 ? undefined : `${name} has ${found} samples`;
        });
    },
  },
]);
