import { describe, expect, test } from '@jest/globals';

import { liveLinesLimit, mutedLinesLimit, planOffer } from '../../../../sfu/call/decide/planOffer.ts';
import type { Line, Session } from '../../../../sfu/call/state.ts';
import { parseSdp } from '../../../../sfu/sdp/parse.ts';
import { rtcMessageType } from '../../../../sfu/protocol/messages.ts';
import { World } from './world.ts';

const { mute, unmute } = rtcMessageType;

/** So many users who came in, spoke once and muted again, one after the other, while Ann listens. Only her client answers offers. */
function crowd(count: number, props: { readonly dcSignaling?: boolean } = {}): World {
  const world = new World().enter('ann', props);
  for (let number = 0; number < count; number += 1) speakOnce(world, `user${number}`);
  return world;
}

function speakOnce(world: World, sessionID: string): void {
  world.enter(sessionID).unmute(sessionID);
  world.settle(['ann']);
  world.nowMs += 1_000;
  world.rtc(sessionID, mute).settle(['ann']);
}

const isLive = (line: Line): boolean => !line.isRejected;
const live = (session: Session): number => session.lines.filter(isLive).length;

/** Whose voices a session has lines for. */
const voices = (session: Session): string[] =>
  session.lines.flatMap(({ outgoing }) => (outgoing === null ? [] : outgoing.senderID));

describe('in a call where everybody spoke once', () => {
  const world = crowd(70);

  test('muted voices keep their lines up to a limit; the longest muted have given theirs up', () => {
    const ann = world.session('ann');
    expect(live(ann)).toBe(mutedLinesLimit);
    const voicesKept = mutedLinesLimit - 3; // The data channel and the two seeded lines are the others.
    expect(voices(ann).sort()).toEqual(
      Array.from({ length: voicesKept }, (_, index) => `user${69 - index}`).sort(),
    );
  });

  test('a late joiner gets the same', () => {
    world.enter('late').settle(['late']);
    expect(live(world.session('late'))).toBe(mutedLinesLimit);
    expect(voices(world.session('late')).sort()).toEqual(voices(world.session('ann')).sort());
  });

  test('a voice gets its line back at the unmute, from the one that is now muted longest', () => {
    expect(voices(world.session('ann'))).not.toContain('user0');
    world.rtc('user0', unmute).settle(['ann', 'late']);
    expect(voices(world.session('ann'))).toContain('user0');
    expect(voices(world.session('ann'))).not.toContain('user13');
    expect(live(world.session('ann'))).toBe(mutedLinesLimit);
  });

  test('nothing is offered when somebody with a line mutes and unmutes', () => {
    world.rtc('user69', unmute).rtc('user69', mute);
    expect(planOffer(world.call, world.session('ann'))).toBeUndefined();
    expect(planOffer(world.call, world.session('late'))).toBeUndefined();
  });

  test('whoever sends goes on sending', () => {
    expect(world.call.tracks.size).toBe(70);
    expect(world.asked('closeProducer')).toEqual([]);
  });
});

test('voices that may be heard have lines up to the higher limit, and the log says what is left out', () => {
  const world = new World().enter('ann');
  for (let number = 0; number < 79; number += 1) {
    world.enter(`user${number}`).unmute(`user${number}`);
    world.settle(['ann']);
  }
  expect(live(world.session('ann'))).toBe(liveLinesLimit);
  expect(world.history).toContainEqual(
    expect.objectContaining({ type: 'log', fields: expect.objectContaining({ reason: 'too many m-lines' }) }),
  );
});

test('a client that answers on the data channel has no such limit', () => {
  expect(live(crowd(65, { dcSignaling: true }).session('ann'))).toBe(65 + 3);
});

test('in a small call a mute changes nobody’s lines', () => {
  const world = crowd(5);
  expect(voices(world.session('ann'))).toHaveLength(5);
  expect(planOffer(world.call, world.session('ann'))).toBeUndefined();
});

test('after hundreds of joins and leaves a description has no more lines than before', () => {
  const world = new World().enter('ann');
  const sizes = new Set<number>();
  for (let number = 0; number < 300; number += 1) {
    const sessionID = `guest${number}`;
    speakOnce(world, sessionID);
    world.happen({ type: 'leave', sessionID }).settle(['ann']);
    sizes.add(world.session('ann').lines.length);
  }
  expect(Math.max(...sizes)).toBeLessThanOrEqual(4);
  expect(world.call.sessions.size).toBe(1);
});

test('lines that were given up are used again: a description never has many more than are in use', () => {
  const world = crowd(65);
  for (let number = 65; number < 130; number += 1) speakOnce(world, `user${number}`);
  expect(world.session('ann').lines.length).toBeLessThanOrEqual(mutedLinesLimit + 2);
});

test('the text of an offer in a crowd stays far below what the plugin takes', () => {
  const world = crowd(70);
  world.rtc('user0', unmute);
  world.history.length = 0;
  world.settle(['ann']);
  const texts = world.history.flatMap((effect) =>
    effect.type === 'send' && effect.message.type === 'rtc' ? [effect.message.message.data] : [],
  );
  const sizes = texts.map((text) => text?.length ?? 0);
  expect(sizes.length).toBeGreaterThan(0);
  expect(Math.max(...sizes)).toBeLessThan(50_000);
  const { sdp } = JSON.parse(Buffer.from(texts[0] ?? []).toString()) as { sdp: string };
  expect(parseSdp(sdp).ok).toBe(true);
});
