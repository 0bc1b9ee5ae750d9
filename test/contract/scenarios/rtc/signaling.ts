/** How voices are signalled: on the data channel, and the media map before each offer (wire spec 3.2, 4.4). */
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';

import { decodeDataChannel } from '../../../../demo/protocol/dataChannel.ts';
import type { CallPeer } from '../../peer.ts';
import { scenarios } from '../../scenario.ts';
import { heard, lineOf, membersOf, talk } from './members.ts';

/** Scenarios of descriptions and media maps. */
export const signaling = scenarios([
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
]);

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
