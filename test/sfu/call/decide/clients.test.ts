/** The clients that there are (appendix C of the wire spec), each by what it does differently from the others. */
import { describe, expect, test } from '@jest/globals';

import { parseSdp } from '../../../../sfu/sdp/parse.ts';
import { rtcMessageType } from '../../../../sfu/protocol/messages.ts';
import type { OfferedLine } from './offeredLine.ts';
import { World } from './world.ts';

const { mute, sdp: sdpType, unmute } = rtcMessageType;

/** Who talks in the call that the others come into. */
function talker(): World {
  const world = new World().enter('ann');
  world.unmute('ann');
  return world;
}

describe('a client without the lock', () => {
  test('loses a glare, answers ours, offers again, and both voices are heard', () => {
    const world = talker().enter('bob');
    world.unmute('bob'); // Without asking for the lock; ours with Ann's voice is being prepared.
    world.settle();
    expect(world.seen('bob')).toEqual(['s2 voice opus']);
    world.enter('cyd').settle();
    world.enter('dan').unmute('dan');
    world.consumed('cyd', 's4');
    const microphone: OfferedLine = { mid: 's0', direction: 'sendrecv', ssrc: 5 };
    world.change('cyd', [microphone]);
    expect(world.reasons()).toContain('ours is not answered yet');
    world.answer('cyd').change('cyd', [microphone]);
    world.produced('cyd', 's0');
    expect(world.described()).toMatchObject([{ type: 'answer' }]);
    expect(world.served()).toContain('cyd voice opus');
  });
});

describe('a client of plugin 1.10 and 1.11', () => {
  test('unlocks after every later answer, lock or not, and harms nobody', () => {
    const world = talker().enter('bob');
    world.unmute('bob');
    world.say('bob', '08').settle();
    world.say('bob', '08');
    expect(world.session('bob')).toMatchObject({ lock: { owner: null }, negotiation: { phase: 'idle' } });
    expect(world.seen('bob')).toEqual(['s2 voice opus']);
  });
});

describe('the recorder', () => {
  test('joins without a microphone and receives everybody, those who come later too', () => {
    const world = talker().enter('recorder').settle();
    world.enter('bob').unmute('bob');
    world.settle();
    expect(world.seen('recorder')).toEqual(['s2 voice opus', 's3 voice opus']);
    expect(world.served().filter((track) => track.startsWith('recorder'))).toEqual([]);
  });
});

describe('the transcriber', () => {
  /** pion answers passive to an offer of an ICE-lite peer although it stays DTLS client. */
  function answerPassive(world: World): void {
    const lines = world.session('bot').lines.slice(1);
    const sdp = [
      'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 AB:CD\r\n',
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=setup:passive\r\na=mid:0\r\n',
      ...lines.map(
        ({ mid, kind, outgoing }) =>
          `m=${kind} 9 UDP/TLS/RTP/SAVPF 111\r\na=setup:passive\r\na=mid:${mid}\r\na=${outgoing === null ? 'inactive' : 'recvonly'}\r\na=rtpmap:111 opus/48000/2\r\n`,
      ),
    ];
    world.rtc('bot', sdpType, Buffer.from(JSON.stringify({ type: 'answer', sdp: sdp.join('') })));
  }

  test('receives each voice under a track ID with the session that speaks, whatever DTLS role it claims', () => {
    const world = new World().enter('bot').enter('ann');
    world.unmute('ann');
    world.consumed('bot', 's2');
    const [offer] = world.described();
    const parsed = parseSdp(offer?.sdp ?? '');
    expect(parsed.ok && parsed.description.sections.at(-1)).toMatchObject({ mid: 's2', streamID: 'ann' });
    expect(offer?.sdp).toMatch(/a=msid:ann voice_ann_\w{8}\r\n/);
    answerPassive(world);
    expect(world.asked('resumeConsumer')).toHaveLength(1);
    expect(world.seen('bot')).toEqual(['s2 voice opus']);
  });

  test('keeps the track of a session through mutes', () => {
    const world = talker().enter('bot').settle();
    const before = world.session('bot').lines;
    world.rtc('ann', mute).rtc('ann', unmute).settle();
    expect(world.session('bot').lines).toEqual(before);
  });
});

describe('a session that comes back', () => {
  test('under its old ID after it left is a new one, and hears and is heard', () => {
    const world = talker().enter('bob').settle();
    world.happen({ type: 'leave', sessionID: 'ann' }).settle();
    expect(world.seen('bob')).toEqual([]);
    world.enter('ann').settle();
    world.unmute('ann');
    world.settle();
    expect(world.seen('bob')).toEqual(['s3 voice opus']);
    expect(world.session('ann').lines.map(({ mid }) => mid)).toEqual(['0', 's0', 's1']);
  });

  test('with a second join while it is there goes on as it was', () => {
    const world = talker().enter('bob').settle();
    world.join('ann').settle();
    expect(world.asked('openTransport')).toEqual([]);
    expect(world.seen('bob')).toEqual(['s2 voice opus']);
  });
});

describe('a microphone', () => {
  test('that comes after a mute is audible all the same', () => {
    const world = new World().enter('ann').rtc('ann', mute);
    expect(world.effects).toEqual([]);
    world.unmute('ann');
    expect(world.asked('pauseProducer')).toEqual([]);
    expect([...world.call.tracks.values()]).toMatchObject([{ type: 'voice', mutedSinceMs: null }]);
  });

  test('on a second line is heard beside the first, and a mute silences both', () => {
    const world = talker().enter('bob').settle();
    world.change('ann', [{ mid: '5', direction: 'sendonly', ssrc: 78, stream: 'headset' }]);
    world.produced('ann', '5');
    world.settle();
    expect(world.seen('bob')).toEqual(['s2 voice opus', 's3 voice opus']);
    world.rtc('ann', mute);
    expect(world.asked('pauseProducer')).toHaveLength(2);
  });
});
