import { describe, expect, test } from '@jest/globals';
import { errorOf, UnavailableError } from '../../../operator/kube/errors.ts';
import { failureOfAnswer, failureOfStatus } from '../../../operator/kube/status.ts';

const call = 'create pods ns/a';

function answered(status: number, reason = 'Some', more: object = {}): Error {
  const body = JSON.stringify({ kind: 'Status', reason, message: 'because', ...more });
  return errorOf(failureOfAnswer(call, { status, body }));
}

describe('an answer becomes the error its caller can act on', () => {
  test.each([
    [400, 'BadRequest', 'InvalidError'],
    [401, 'Unauthorized', 'ForbiddenError'],
    [403, 'Forbidden', 'ForbiddenError'],
    [404, 'NotFound', 'NotFoundError'],
    [408, 'Timeout', 'UnavailableError'],
    [409, 'Conflict', 'ConflictError'],
    [409, 'AlreadyExists', 'AlreadyExistsError'],
    [410, 'Expired', 'GoneError'],
    [415, 'UnsupportedMediaType', 'InvalidError'],
    [422, 'Invalid', 'InvalidError'],
    [429, 'TooManyRequests', 'UnavailableError'],
    [500, 'InternalError', 'UnavailableError'],
    [504, 'Timeout', 'UnavailableError'],
  ])('%i %s is a %s', (status, reason, name) => expect(answered(status, reason).name).toBe(name));
});

test('the message names the call and keeps the server’s own words', () => {
  expect(answered(404).message).toBe('create pods ns/a: because');
});

test('a page of a proxy in between is quoted in short', () => {
  const { message } = failureOfAnswer(call, { status: 502, body: `<html>${'x'.repeat(10_000)}` });
  expect(message).toMatch(/^HTTP 502: <html>x+$/);
  expect(message.length).toBeLessThan(300);
});

test('how long to wait is read from the header, else from the Status', () => {
  const waited = (retryAfter: string | undefined, details: object): unknown => {
    const body = JSON.stringify({ kind: 'Status', details });
    const error = errorOf(failureOfAnswer(call, { status: 429, body, retryAfter }));
    return error instanceof UnavailableError && error.retryAfterMs;
  };
  expect(waited('3', { retryAfterSeconds: 9 })).toBe(3000);
  expect(waited(undefined, { retryAfterSeconds: 9 })).toBe(9000);
  expect(waited('soon', {})).toBeUndefined();
});

test('an ERROR line of a watch becomes the same errors; one without a code counts as a server error', () => {
  expect(errorOf(failureOfStatus('watch pods', { code: 410, reason: 'Expired' })).name).toBe('GoneError');
  expect(errorOf(failureOfStatus('watch pods', null)).name).toBe('UnavailableError');
});
