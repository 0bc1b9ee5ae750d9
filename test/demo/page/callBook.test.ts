import { expect, test } from '@jest/globals';

import { createCallBook } from '../../../demo/page/server/callBook.ts';
import type { Person } from '../../../demo/page/server/pageMessages.ts';

const begun = {
  ...{ callID: 'c1', channel: 'standup', address: '10.0.0.1', reason: 'lowest cpu_load (1)' },
  asked: [{ address: '10.0.0.1', cpuLoad: 1 }],
};
const person = (sessionID: string): Person => ({
  ...{ sessionID, name: sessionID },
  ...{ isMuted: true, isSpeaking: false, isSharing: false, hasVideo: false },
});

test('a call stays on its host until its last session ends', () => {
  const book = createCallBook();
  book.begin(begun);
  book.put('standup', person('a'));
  book.put('standup', person('b'));
  book.remove('a');
  expect(book.call('standup')?.address).toBe('10.0.0.1');
  book.remove('b');
  expect(book.call('standup')).toBeUndefined();
});

test('nobody can be put into a call that is over', () => {
  expect(createCallBook().put('standup', person('a'))).toBe(false);
});

test('a change shows in the call, and one of an unknown session is refused', () => {
  const book = createCallBook();
  book.begin(begun);
  book.put('standup', person('a'));
  expect(book.change('a', { isSpeaking: true })).toBe(true);
  expect(book.callOf('a')?.people.get('a')?.isSpeaking).toBe(true);
  expect(book.change('b', { isSpeaking: true })).toBe(false);
});

test('a session that is in no call is removed without a trace', () => {
  expect(createCallBook().remove('a')).toBeUndefined();
});
