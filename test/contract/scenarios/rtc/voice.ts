/** Voices between users (wire spec 3). */
import { match, ok, strictEqual } from 'node:assert/strict';

import { scenarios } from '../../scenario.ts';
import { callOf, heard, lineOf, membersOf, offersTo, silent, talk } from './members.ts';

/** Scenarios of who is heard, and how a voice is offered. */
export const voice = scenarios([
  {
    name: 'A voice reaches every other member and not its own speaker',
    spec: '3.5',
    run: async (stage) => {
      const [speaker, ...listeners] = await membersOf(stage, 4);
      await talk(speaker);
      for (const listener of listeners) await heard(listener, speaker);
      strictEqual(speaker.packetsOf(speaker.sessionID).length, 0);
    },
  },
  {
    name: 'Packets arrive with the timestamps and payloads that were sent',
    spec: '3.16',
    run: async (stage) => {
      const [speaker, listener] = await membersOf(stage, 2);
      const { timestamps } = await talk(speaker);
      await heard(listener, speaker);
      const packets = listener.packetsOf(speaker.sessionID);
      for (const { timestamp, payload } of packets) {
        ok(timestamps.includes(timestamp), `timestamp ${timestamp} was not sent`);
        strictEqual(Buffer.from(payload).readUInt32BE(1) * 960, timestamp);
        strictEqual(payload.length, 80);
      }
    },
  },
  {
    name: 'An offer names the sender’s session as stream and CNAME, and the track by kind and session',
    spec: '3.6',
    run: async (stage) => {
      const [speaker, listener] = await membersOf(stage, 2);
      await talk(speaker);
      await heard(listener, speaker);
      const line = lineOf(listener, speaker);
      const [stream, track = ''] = /^a=msid:(\S+) (\S+)/m.exec(line)?.slice(1) ?? [];
      strictEqual(stream, speaker.sessionID);
      match(track, new RegExp(`^voice_${speaker.sessionID}_\\w{8}$`));
      match(line, new RegExp(`^a=ssrc:\\d+ cname:${speaker.sessionID}\\s*$`, 'm'));
      match(line, /^a=rtpmap:111 opus\/48000\/2/im);
      match(line, /^a=rtcp-mux/m);
    },
  },
  {
    name: 'A late joiner hears the voices that are there',
    spec: '3.1',
    run: async (stage) => {
      const [one, other] = await membersOf(stage, 2);
      await talk(one);
      await talk(other);
      const late = await stage.peer({ plugin: one.plugin, callID: callOf.get(one) ?? '' });
      await heard(late, one);
      await heard(late, other);
    },
  },
  {
    name: 'Two who unmute at the same moment are both heard',
    spec: '3.13',
    run: async (stage) => {
      const [one, other, listener] = await membersOf(stage, 3);
      await Promise.all([talk(one), talk(other)]);
      for (const speaker of [one, other]) await heard(listener, speaker);
      await heard(one, other);
      await heard(other, one);
    },
  },
  {
    name: 'Mute stops a voice and unmute brings it back, without another offer and on the same SSRC',
    spec: '3.7',
    run: async (stage) => {
      const [speaker, listener] = await membersOf(stage, 2);
      await talk(speaker);
      await heard(listener, speaker);
      speaker.mute();
      await silent(listener, speaker);
      const offers = offersTo(listener);
      speaker.unmute();
      await heard(listener, speaker);
      strictEqual(offersTo(listener), offers);
      const sources = new Set(listener.packetsOf(speaker.sessionID).map(({ ssrc }) => ssrc));
      strictEqual(sources.size, 1);
    },
  },
  {
    name: 'A new voice is heard even when its user was muted before',
    spec: '3.7',
    run: async (stage) => {
      const [speaker, listener] = await membersOf(stage, 2);
      speaker.mute();
      const added = await speaker.addVoice();
      added.babble();
      await heard(listener, speaker);
    },
  },
]);
