/** Voices between users (wire spec 3). */
import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';

import { decodeDataChannel } from '../../../../demo/protocol/dataChannel.ts';
import { eventually } from '../../../support/eventually.ts';
import type { CallPeer, PeerVoice } from '../../peer.ts';
import { scenarios } from '../../scenario.ts';
import type { Stage } from '../../stage.ts';
import { gauge } from '../samples.ts';

/** Scenarios of calls with voices. */
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
  {
    name: 'With data-channel signaling offers and answers take the channel, and the call is the same',
    spec: '3.2',
    run: async (stage) => {
      const [speaker, listener] = await membersOf(stage, 2, { dcSignaling: true });
      const before = [speaker, listener].map(({ signals }) => signals.length);
      await talk(speaker);
      await heard(listener, speaker);
      deepStrictEqual(
        [speaker, listener].map(({ signals }) => signals.filter(({ type }) => type !== 'candidate').length),
        [1, 1],
        `only the first answer came by the plugin (${before.join()})`,
      );
      ok(onChannel(listener, 'sdp') > 0 && onChannel(speaker, 'sdp') > 0);
    },
  },
  {
    name: 'Users with and without data-channel signaling hear each other',
    spec: '3.2',
    run: async (stage) => {
      const plugin = await stage.plugin();
      const callID = stage.id();
      const one = await stage.peer({ plugin, callID, dcSignaling: true });
      const other = await stage.peer({ plugin, callID });
      await Promise.all([talk(one), talk(other)]);
      await heard(one, other);
      await heard(other, one);
    },
  },
  {
    name: 'Before every offer the media map lists each line that carries a voice',
    spec: '4.4',
    run: async (stage) => {
      const [one, other, listener] = await membersOf(stage, 3);
      await talk(one);
      await talk(other);
      await heard(listener, one);
      await heard(listener, other);
      const maps = mapsOf(listener);
      ok(maps.length > 0, 'a media map came');
      const listed = maps.at(-1) ?? {};
      const mids = [one, other].map((speaker) => /^a=mid:(\S+)/m.exec(lineOf(listener, speaker))?.[1] ?? '');
      for (const mid of mids) strictEqual(listed[mid]?.type, 'voice', `line ${mid}`);
    },
  },
  {
    name: 'The media map says who sends a track',
    spec: '4.4',
    quirk: {
      rtcd: 'names the receiver’s own session',
      ours: 'names the sender’s session',
      reason:
        'rtcd’s own description of the field says sender. Clients read only the type, so the right value harms nobody.',
    },
    observe: async (stage) => {
      const [speaker, listener] = await membersOf(stage, 2);
      await talk(speaker);
      await heard(listener, speaker);
      const senders = Object.values(mapsOf(listener).at(-1) ?? {}).map(({ sender_id }) => sender_id);
      if (senders.includes(speaker.sessionID)) return 'ours';
      ok(senders.includes(listener.sessionID));
      return 'rtcd';
    },
  },
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

/** Which call a member is in. */
const callOf = new WeakMap<CallPeer, string>();

/** So many users of a new client in a new call; take no more of the four than were asked for. */
async function membersOf(
  stage: Stage,
  count: number,
  options: { readonly dcSignaling?: boolean } = {},
): Promise<[CallPeer, CallPeer, CallPeer, CallPeer]> {
  const plugin = await stage.plugin();
  const callID = stage.id();
  const members: CallPeer[] = [];
  for (let member = 0; member < count; member += 1) {
    const peer = await stage.peer({ plugin, callID, ...options });
    callOf.set(peer, callID);
    members.push(peer);
  }
  return members as [CallPeer, CallPeer, CallPeer, CallPeer];
}

/** Adds a voice and speaks from now on. */
async function talk(peer: CallPeer): Promise<PeerVoice> {
  const added = await peer.addVoice();
  peer.unmute();
  added.babble((index) => (index % 20 < 14 ? 15 : 90));
  return added;
}

/** Ten more packets arrive. */
async function heard(listener: CallPeer, speaker: CallPeer): Promise<void> {
  const before = listener.packetsOf(speaker.sessionID).length;
  await eventually(() => {
    const packets = listener.packetsOf(speaker.sessionID).length - before;
    return packets >= 10 ? undefined : `${packets} packets of the speaker`;
  });
}

/** For half a second no packet arrives. */
async function silent(listener: CallPeer, speaker: CallPeer): Promise<void> {
  let [packets, sinceMs] = [-1, 0];
  await eventually(() => {
    const now = listener.packetsOf(speaker.sessionID).length;
    if (now !== packets) [packets, sinceMs] = [now, performance.now()];
    return performance.now() - sinceMs > 500 ? undefined : 'half a second of silence';
  });
}

function offersTo({ signals }: CallPeer): number {
  return signals.filter(({ type }) => type === 'offer').length;
}

function sdpOf({ signals }: CallPeer): string {
  return signals.findLast(({ type }) => type === 'offer')?.sdp ?? '';
}

/** The media section on which a listener receives a speaker. */
function lineOf(listener: CallPeer, speaker: CallPeer): string {
  const sections = sdpOf(listener).split(/^m=/m);
  return sections.find((section) => section.includes(`a=msid:${speaker.sessionID}`)) ?? '';
}

type MediaMap = Readonly<Record<string, { readonly type: string; readonly sender_id: string }>>;

function mapsOf({ channel }: CallPeer): readonly MediaMap[] {
  return channel.flatMap((hex) => {
    const message = decodeHex(hex);
    return message?.type === 'mediaMap' ? [message.tracks] : [];
  });
}

function onChannel({ channel }: CallPeer, type: string): number {
  return channel.filter((hex) => decodeHex(hex)?.type === type).length;
}

function decodeHex(hex: string): ReturnType<typeof decodeDataChannel> | undefined {
  return /^[\da-f]+$/.test(hex) ? decodeDataChannel(Buffer.from(hex, 'hex')) : undefined;
}
