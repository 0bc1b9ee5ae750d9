import { describe, expect, test } from '@jest/globals';

import { refusalToAsk, refusalToRead } from '../../../../demo/page/hosts/refusal.ts';

const host = '127.0.0.1:4000';
const origin = `http://${host}`;
const token = 'a-token-of-this-start';
const own = { method: 'POST', host, origin, token };

test('the page itself may read and ask', () => {
  expect(refusalToRead({ method: 'GET', host, origin: undefined })).toBeUndefined();
  expect(refusalToAsk(own, token)).toBeUndefined();
  expect(
    refusalToAsk({ ...own, host: 'localhost:4000', origin: 'http://localhost:4000' }, token),
  ).toBeUndefined();
});

describe('nobody else may ask:', () => {
  test.each([
    ['another site', { origin: 'https://evil.example' }, 403],
    ['a page on another port of this machine', { origin: 'http://127.0.0.1:4001' }, 403],
    ['a name that was made to point here', { host: 'evil.example', origin: 'http://evil.example' }, 403],
    ['whoever does not know the token', { token: 'b-token-of-this-start' }, 403],
    ['whoever sends none', { token: '' }, 403],
    ['whoever tells no origin', { origin: undefined }, 403],
    ['a link', { method: 'GET' }, 405],
  ])('%s', (_, change, httpStatus) => {
    expect(refusalToAsk({ ...own, ...change }, token)?.httpStatus).toBe(httpStatus);
  });
});

test('another site may not read either', () => {
  expect(refusalToRead({ ...own, origin: 'https://evil.example' })?.httpStatus).toBe(403);
  expect(refusalToRead({ method: 'GET', host: 'evil.example', origin: undefined })?.httpStatus).toBe(403);
});
