import { describe, expect, test } from '@jest/globals';

import { type Known, labelOf, newsOf, pictureName } from '../../../../demo/page/facts/words.ts';

const known = (name: string, change: Partial<Known> = {}): Known => ({
  ...{ sessionID: name, name, isMuted: true, isSpeaking: false, isSharing: false, hasVideo: false },
  ...change,
});
const [ada, bruno] = [known('Ada'), known('Bruno')];

test('a person’s label says who, and what of them can be heard and seen', () => {
  expect(labelOf(ada, 'Ada')).toBe('Ada (you), muted');
  expect(labelOf(known('Ada', { isMuted: false, isSpeaking: true }), 'Bruno')).toBe('Ada, speaking');
  expect(labelOf(known('Ada', { isMuted: false, isSharing: true, hasVideo: true }), 'Bruno')).toBe(
    'Ada, not muted, camera on, sharing a screen',
  );
});

test('a picture is named after its owner', () => {
  expect(pictureName(ada, 'screen', 'Bruno')).toBe('Ada’s screen');
  expect(pictureName(ada, 'video', 'Ada')).toBe('Your camera');
});

describe('the news', () => {
  test('say who came, who left, who shares', () => {
    expect(newsOf([ada], [ada, bruno], 'Ada')).toEqual(['Bruno joined']);
    expect(newsOf([ada, bruno], [ada], 'Ada')).toEqual(['Bruno left']);
    const sharing = known('Bruno', { isSharing: true });
    expect(newsOf([ada, bruno], [ada, sharing], 'Ada')).toEqual(['Bruno shares a screen']);
    expect(newsOf([ada, sharing], [ada, bruno], 'Ada')).toEqual(['Bruno no longer shares a screen']);
  });

  test('say nothing of speaking, of ourselves, or of whom we find', () => {
    const loud = known('Bruno', { isSpeaking: true, isMuted: false });
    expect(newsOf([ada, bruno], [known('Ada', { isSharing: true }), loud], 'Ada')).toEqual([]);
    expect(newsOf([], [ada, bruno], 'Ada')).toEqual([]);
  });
});
