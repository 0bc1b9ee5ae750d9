import { describe, expect, test } from '@jest/globals';
import { errorOf, UnavailableError, type KubeError } from '../../../operator/kube/errors.ts';
import { decideRetry, type FailedTry } from '../../../operator/kube/retry.ts';

const call = 'get pods';
const answer = (status: number, retryAfterMs?: number): KubeError =>
  errorOf({
    call,
    status,
    reason: 'R',
    message: 'm',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
const noAnswer = (reason: string): KubeError =>
  new UnavailableError({ call, status: 0, reason, message: 'm', isOutcomeUnknown: true });

function decided(changes: Partial<FailedTry>): ReturnType<typeof decideRetry> {
  return decideRetry({ attempt: 1, error: noAnswer('ECONNRESET'), isIdempotent: true, ...changes });
}

describe('a request is repeated', () => {
  test('after as long as a throttling server asks for, even a create: nothing had happened', () => {
    const decision = decided({ error: answer(429, 3000), isIdempotent: false });
    expect(decision).toEqual({ retry: true, afterMs: 3000, reason: 'the server throttles' });
  });

  test('after a lost connection when doing it twice is doing it once, a little later each time', () => {
    expect([1, 2, 3].map((attempt) => decided({ attempt }))).toMatchObject(
      [100, 200, 400].map((afterMs) => ({ retry: true, afterMs })),
    );
  });
});

describe('a request is not repeated', () => {
  test.each<[string, Partial<FailedTry>]>([
    ['the write may have happened', { isIdempotent: false }],
    ['gave up after 4 tries', { attempt: 4 }],
    ['the answer is final', { error: answer(404) }],
    ['the connections were closed', { error: noAnswer('UND_ERR_DESTROYED') }],
    ['the server failed with 500', { error: answer(500) }],
    ['the server asks for a pause of 60000 ms', { error: answer(429, 60_000) }],
    ['the time for this call is used up', { error: noAnswer('Timeout') }],
  ])('%s', (reason, changes) => expect(decided(changes)).toEqual({ retry: false, reason }));
});
