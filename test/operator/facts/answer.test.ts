import { describe, expect, test } from '@jest/globals';
import { answerOf, drainingOf, factsAfter, isNews, type Answer } from '../../../operator/facts/answer.ts';
import { facts, nowMs, silence } from '../../support/pods.ts';

const version = '{"buildVersion":"1.2.6","goVersion":"none"}';
const stats = (change: object = {}): string =>
  JSON.stringify({
    version: '1.2.6',
    calls: 1,
    sessions: 2,
    load: 0.25,
    capacity: 300,
    draining: false,
    ...change,
  });

describe('the answers of an SFU pod', () => {
  test('become what we know of it', () => {
    expect(answerOf(version, stats())).toEqual({
      answered: true,
      version: '1.2.6',
      sessions: 2,
      load: 0.25,
      isDraining: false,
      calls: 1,
      measures: {},
    });
  });

  test('tell that nobody can be heard or seen, if there is somebody', () => {
    const sending = { tracks: 0, lastMuteMs: 42 };
    expect(answerOf(version, stats({ sending }))).toMatchObject({ quiet: 42 });
    expect(answerOf(version, stats({ sending: { ...sending, tracks: 1 } }))).not.toHaveProperty('quiet');
    expect(answerOf(version, stats({ sending, sessions: 0 }))).not.toHaveProperty('quiet');
  });

  test('tell the cores, the five counts and the traffic of the pods that know them', () => {
    const demand = { sessions: 2, audioIn: 1, videoIn: 0, audioOut: 2, videoOut: 0 };
    const body = stats({ demand, capacity: { cores: 2, sessions: null }, egressBitsPerSecond: 2.5e6 });
    expect(answerOf(version, body)).toMatchObject({
      measures: { cores: 2, counts: demand, egressMbit: 2.5 },
    });
  });

  test('are taken without the measures that make no sense', () => {
    const body = stats({ demand: { sessions: 'two' }, capacity: { cores: 0 } });
    expect(answerOf(version, body)).toMatchObject({ sessions: 2, measures: {} });
  });

  test('tell what STUN saw, and the kernel under it', () => {
    const node = {
      ...{ wantedBufferBytes: 4_194_304, receiveBufferBytes: 212_992, sendBufferBytes: null },
      ...{ ephemeralPorts: null, reservedPorts: [] },
    };
    const told = (conntrack: object | null, publicAddresses: object[]): Answer =>
      answerOf(version, stats({ publicAddresses, node: { ...node, conntrack } }));
    expect(told(null, [{ local: '10.0.0.5', address: '203.0.113.9' }])).toMatchObject({
      stunAddress: '203.0.113.9',
      kernel: { ...node, shortConntrackLimit: null },
    });
    expect(told({ limit: 100, peak: 79 }, [])).toMatchObject({
      stunAddress: '',
      kernel: { shortConntrackLimit: null },
    });
    expect(told({ limit: 100, peak: 80 }, [])).toMatchObject({ kernel: { shortConntrackLimit: 100 } });
  });

  test.each([
    ['no JSON', version, '<html>', '/stats answered nonsense: no JSON'],
    ['no version', '{}', stats(), '/version answered nonsense: buildVersion'],
    ['negative sessions', version, stats({ sessions: -1 }), '/stats answered nonsense: sessions'],
    ['half a session', version, stats({ sessions: 0.5 }), '/stats answered nonsense: sessions'],
    [
      'sessions that are missing',
      version,
      stats({ sessions: undefined }),
      '/stats answered nonsense: sessions',
    ],
  ])('are refused by field: %s', (...[, first, second, message]) => {
    expect(() => answerOf(first, second)).toThrow(message);
  });

  test('are taken without a load, which only ranks', () => {
    expect(answerOf(version, stats({ load: null }))).toMatchObject({ load: 0 });
  });

  test('say whether it drains', () => {
    expect(drainingOf('{"draining":true}')).toBe(true);
    expect(() => drainingOf('{}')).toThrow('/drain answered nonsense: draining');
  });
});

const answer = (sessions: number): Answer => ({
  ...{ answered: true, version: '1.2.6', load: 0, isDraining: false, measures: {} },
  sessions,
});

describe('the time without sessions', () => {
  test.each([
    ['begins with the first 0', facts({ sessions: 1 }), nowMs],
    ['begins when nothing was known', undefined, nowMs],
    ['goes on', facts({ sessionlessSinceMs: 5 }), 5],
    ['begins anew after a silence', silence, nowMs],
  ])('%s', (_, before, since) => {
    expect(factsAfter(before, answer(0), nowMs)).toMatchObject({ sessionlessSinceMs: since });
  });

  test('ends with a session', () => {
    expect(factsAfter(facts(), answer(1), nowMs)).not.toHaveProperty('sessionlessSinceMs');
  });
});

test('the last answer is remembered through a silence, and when it was given', () => {
  const silent = { answered: false, message: 'no answer' } as const;
  const first = factsAfter(factsAfter(undefined, answer(3), nowMs), silent, nowMs + 10_000);
  const last = { sessions: 3, load: 0, measures: { atMs: nowMs } };
  expect(first).toEqual({ ...silent, last });
  expect(factsAfter(first, silent, nowMs + 20_000)).toEqual({ ...silent, last });
  expect(factsAfter(silence, silent, nowMs)).toEqual(silent);
});

describe('facts are news', () => {
  test.each([
    ['the first time', undefined, facts(), true],
    ['when sessions change', facts(), facts({ sessions: 1 }), true],
    ['when it falls silent', facts(), silence, true],
    ['when it drains', facts(), facts({ isDraining: true }), true],
    ['not when nothing changes', facts(), facts(), false],
    ['not when only the load does', facts(), facts({ load: 0.9 }), false],
    ['not when only the measures do', facts(), facts({ measures: { atMs: nowMs } }), false],
    ['not when it stays silent', silence, silence, false],
  ])('%s', (...[, before, after, expected]) => {
    expect(isNews(before, after)).toBe(expected);
  });
});

test('quiet is timed by our clock, and begins anew when somebody could be heard meanwhile', () => {
  const answer = (quiet?: number): Answer => ({
    ...{ answered: true, version: '1.2.6', sessions: 2, load: 0, isDraining: false },
    ...(quiet !== undefined && { quiet }),
  });
  const sinceMs = (before: Answer, now: Answer): unknown => {
    const facts = factsAfter(factsAfter(undefined, before, nowMs), now, nowMs + 10_000);
    return facts.answered ? facts.quiet?.sinceMs : facts;
  };
  expect(sinceMs(answer(1), answer(1))).toBe(nowMs);
  expect(sinceMs(answer(1), answer(2))).toBe(nowMs + 10_000);
  expect(sinceMs(answer(), answer(1))).toBe(nowMs + 10_000);
  expect(sinceMs(answer(1), answer())).toBeUndefined();
});
