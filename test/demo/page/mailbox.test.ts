import { expect, test } from '@jest/globals';
import { Mailbox } from '../../../demo/page/server/mailbox.ts';

test('what a page says again is taken once', () => {
  const mailbox = new Mailbox();
  expect([1, 2, 1, 2, 3].map((number) => mailbox.takes('a', number))).toEqual([
    true,
    true,
    false,
    false,
    true,
  ]);
  expect(mailbox.takes('b', 1)).toBe(true);
});

test('who numbers nothing says nothing again', () => {
  const mailbox = new Mailbox();
  expect([undefined, undefined].map((number) => mailbox.takes('a', number))).toEqual([true, true]);
});

test('what a page missed waits for it in order, once', () => {
  const mailbox = new Mailbox();
  for (const data of ['1', '2']) mailbox.keep('a', { type: 'signal', data });
  expect(mailbox.collect('a').map((message) => 'data' in message && message.data)).toEqual(['1', '2']);
  expect(mailbox.collect('a')).toEqual([]);
});

test('nothing is known any more of a session that has ended', () => {
  const mailbox = new Mailbox();
  mailbox.takes('a', 5);
  mailbox.keep('a', { type: 'signal', data: '1' });
  mailbox.forget('a');
  expect(mailbox.takes('a', 1)).toBe(true);
  expect(mailbox.collect('a')).toEqual([]);
});
