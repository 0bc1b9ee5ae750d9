import { describe, expect, test } from '@jest/globals';

import { hearPackets, silentVad, type Vad } from '../../../../sfu/call/decide/vad.ts';

/** When the judgement turns, as `index of the packet, on or off`; packets come every 20 ms. */
function turns(levels: readonly number[], from: Vad = silentVad): string[] {
  let vad = from;
  return levels.flatMap((level, index) => {
    const heard = hearPackets(vad, [level], index * 20);
    vad = heard.vad;
    return heard.changes.map((isOn) => `${index} ${isOn ? 'on' : 'off'}`);
  });
}

const steady = (level: number, count: number): number[] => Array<number>(count).fill(level);
/** Two levels in turn: the deviation of fifty of them is a little over half of their distance. */
const swinging = (distance: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => 40 + (index % 2) * distance);

describe('voice activity', () => {
  test('is not judged before the fifty-first packet', () => {
    expect(turns(swinging(80, 50))).toEqual([]);
    expect(turns(swinging(80, 51))).toEqual(['50 on']);
  });

  test.each([
    [20, []],
    [21, ['50 on']],
  ])('begins above a deviation of 10 dB: levels %i dB apart', (distance, expected) => {
    expect(turns(swinging(distance, 200))).toEqual(expected);
  });

  test.each([
    [7, []],
    [6, ['off']],
  ])('ends below a deviation of 4 dB: levels %i dB apart', (distance, expected) => {
    const after = turns([...swinging(80, 200), ...swinging(distance, 200)]).slice(1);
    expect(after.map((turn) => turn.split(' ')[1])).toEqual(expected);
  });

  test('is not a matter of loudness: a steady hum is silence, however loud', () => {
    expect(turns(steady(5, 500))).toEqual([]);
  });

  test('begins with the seventh loud packet after a silence', () => {
    expect(turns([...steady(60, 100), ...steady(30, 20)])).toEqual(['106 on']);
  });

  // Each packet of the swing is 20 dB off the mean: 14 of them make 10.7 dB, 1 makes 2.9 dB, 2 make 4.0 dB.
  test('ends when the last packets of speech but one have left the second that is looked at', () => {
    const levels = [...steady(60, 100), ...swinging(40, 150), ...steady(60, 100)];
    expect(turns(levels)).toEqual(['113 on', '298 off']);
  });

  test('lasts two seconds at least', () => {
    const word = [...steady(60, 100), ...steady(20, 5), ...steady(60, 400)];
    expect(turns(word)).toEqual(['103 on', '203 off']);
  });

  test('turns as often as speech and silence alternate', () => {
    const once = [...steady(60, 100), ...swinging(40, 150)];
    expect(turns([...once, ...once, ...once, ...steady(60, 100)])).toEqual([
      ...['113 on', '298 off', '363 on', '548 off', '613 on', '798 off'],
    ]);
  });

  test('forgets everything at a mute', () => {
    const { vad } = hearPackets(silentVad, swinging(80, 60), 0);
    expect(vad.isOn).toBe(true);
    expect(turns(swinging(80, 51), silentVad)).toEqual(['50 on']);
  });

  test('is the same by packets and by batches', () => {
    const levels = [...steady(60, 60), ...swinging(40, 60), ...steady(60, 60)];
    const one = hearPackets(silentVad, levels, 5_000);
    const many = levels.reduce((vad, level) => hearPackets(vad, [level], 5_000).vad, silentVad);
    expect(one.vad).toEqual(many);
  });
});
