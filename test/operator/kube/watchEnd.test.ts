import { expect, test } from '@jest/globals';
import { errorOf, UnavailableError } from '../../../operator/kube/errors.ts';
import { afterWatch, type EndedWatch, type WatchNext } from '../../../operator/kube/watchEnd.ts';

const failure = { call: 'watch pods', reason: 'R', message: 'm' };
const gone = errorOf({ ...failure, status: 410 });
const serverError = errorOf({ ...failure, status: 500, reason: 'InternalError' });
const connectionError = new UnavailableError({ ...failure, status: 0, reason: 'ECONNREFUSED' });
const garbage = new UnavailableError({ ...failure, status: 0, reason: 'BrokenStream' });

function after(changes: Partial<EndedWatch>): WatchNext {
  const base: EndedWatch = { kind: 'closed', livedMs: 60_000, events: 5, failuresBefore: 0 };
  return afterWatch({ ...base, ...changes } as EndedWatch);
}

test('a watch the server closed in time goes on at once', () => {
  expect(after({})).toEqual({ reason: 'closed', failures: 0 });
});

test('a watch closed at once without a word is answered with a pause', () => {
  expect(after({ livedMs: 5, events: 0, failuresBefore: 2 })).toEqual({
    reason: 'closed at once',
    failures: 3,
  });
});

test('a silent watch goes on at once from where it was', () => {
  expect(after({ kind: 'silent' })).toEqual({ reason: 'silent', failures: 0 });
});

test('410 lists afresh: at once the first time, with a pause when it repeats', () => {
  expect(after({ kind: 'failed', error: gone })).toEqual({ reason: 'gone', relist: 'gone', failures: 0 });
  expect(after({ kind: 'failed', error: gone, livedMs: 5 })).toMatchObject({ relist: 'gone', failures: 1 });
});

test('any other error goes on from the same place after a pause', () => {
  expect(after({ kind: 'failed', error: serverError })).toEqual({ reason: 'InternalError', failures: 1 });
});

test('three failures in a row without an event cast doubt on the place: list afresh', () => {
  const third = { kind: 'failed', events: 0, livedMs: 5, failuresBefore: 2 } as const;
  expect(after({ ...third, error: serverError })).toMatchObject({ relist: 'broken', failures: 3 });
  expect(after({ ...third, error: garbage })).toMatchObject({ relist: 'broken', failures: 3 });
});

test('a server that is not there casts no doubt: it is not listed when it comes back', () => {
  const third = { kind: 'failed', events: 0, livedMs: 5, failuresBefore: 2 } as const;
  expect(after({ ...third, error: connectionError })).toEqual({ reason: 'ECONNREFUSED', failures: 3 });
});

test('two good minutes forget earlier failures', () => {
  expect(after({ kind: 'failed', error: serverError, livedMs: 120_000, failuresBefore: 9 }).failures).toBe(1);
});
