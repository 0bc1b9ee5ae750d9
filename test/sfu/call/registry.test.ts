import { expect, test } from '@jest/globals';

import { pino } from 'pino';

import { type CallLimits, noLimits } from '../../../sfu/call/limits.ts';
import { createCallService } from '../../../sfu/call/registry.ts';
import type { CallService } from '../../../sfu/call/service.ts';
import type { MediaPort } from '../../../sfu/media/port.ts';

/** Media that takes everything and never answers: what is looked at here does not need it. */
function silentMedia(closed: string[]): MediaPort {
  return {
    bound: [],
    workers: () => [],
    packets: () => ({ in: 0, out: 0 }),
    egressBitsPerSecond: () => 0,
    trouble: () => undefined,
    openCall: (callID) => ({ run: () => undefined, close: () => void closed.push(callID) }),
    close: () => Promise.resolve(void closed.push('media')),
  };
}

interface Bench {
  readonly service: CallService;
  /** `<connection> <message> <session>` */
  readonly sent: string[];
  readonly closed: string[];
  readonly errors: string[];
  join(sessionID: string, callID?: string, groupID?: string): void;
}

function bench(limits: Partial<CallLimits> = {}): Bench {
  const sent: string[] = [];
  const closed: string[] = [];
  const errors: string[] = [];
  const service = createCallService({
    media: silentMedia(closed),
    plugins: {
      send: ({ connID }, message) => {
        sent.push(`${connID} ${message.type} ${message.type === 'close' ? message.sessionID : ''}`);
        return true;
      },
    },
    log: pino({ level: 'silent' }),
    limits: { ...noLimits, ...limits },
    addresses: () => ({ kind: 'local' }),
    metrics: {
      timing: () => undefined,
      connection: () => undefined,
      iceFailure: () => undefined,
      error: (_group, error) => void errors.push(error),
      limited: (_group, limit) => void errors.push(limit),
    },
  });
  const join = (sessionID: string, callID = 'call', groupID = 'group'): void => {
    const props = { channelID: null, av1Support: null, dcSignaling: null };
    const session = { groupID, callID, userID: 'user', sessionID, props };
    service.handle({ type: 'join', groupID, connID: 'conn', session });
  };
  return { service, sent, closed, errors, join };
}

const sessions = ({ service }: Bench, callID = 'call', groupID = 'group'): unknown => {
  const found = service.sessionsOf(groupID, callID);
  return typeof found === 'string' ? found : found.map((session) => session.sessionID);
};
const leave = ({ service }: Bench, sessionID: string, groupID = 'group'): void =>
  service.handle({ type: 'leave', groupID, connID: 'conn', sessionID });

test('a call lives from its first join to its last leave, and its group with it', () => {
  const it = bench();
  expect(sessions(it)).toBe('group not found');
  it.join('ann');
  it.join('bob');
  expect(sessions(it)).toEqual(['ann', 'bob']);
  expect(sessions(it, 'other')).toBe('call not found');
  leave(it, 'ann');
  leave(it, 'bob');
  expect(sessions(it)).toBe('group not found');
  expect(it.closed).toEqual(['call']);
  expect(it.sent).toEqual(['conn close ann', 'conn close bob']);
});

test('sessions are counted exactly, by client', () => {
  const it = bench();
  it.join('ann');
  it.join('ann');
  it.join('bob', 'call2');
  it.join('cyd', 'call', 'group2');
  expect(it.service.counts()).toMatchObject({
    calls: 3,
    sessions: 3,
    sessionsByGroup: { group: 2, group2: 1 },
  });
  leave(it, 'cyd', 'group2');
  expect(it.service.counts()).toMatchObject({ calls: 2, sessions: 2, sessionsByGroup: { group: 2 } });
});

test('no client reaches the sessions of another', () => {
  const it = bench();
  it.join('ann');
  leave(it, 'ann', 'group2');
  expect(sessions(it)).toEqual(['ann']);
  it.join('ann', 'call', 'group2');
  expect(sessions(it)).toEqual(['ann']);
  expect(sessions(it, 'call', 'group2')).toEqual(['ann']);
});

test('leaving twice, or never having joined, is nothing', () => {
  const it = bench();
  leave(it, 'ann');
  it.join('ann');
  leave(it, 'ann');
  leave(it, 'ann');
  expect(it.sent).toEqual(['conn close ann']);
});

test('who joins another call leaves the one before', () => {
  const it = bench();
  it.join('ann');
  it.join('ann', 'call2');
  expect(sessions(it)).toBe('call not found');
  expect(sessions(it, 'call2')).toEqual(['ann']);
});

test.each([
  ['in all', { sessions: 2 }, 'call2'],
  ['in the call', { sessionsPerCall: 2 }, 'call'],
  ['of the client', { sessionsPerClient: 2 }, 'call2'],
])('beyond the limit of sessions %s a join is answered with close', (_name, limits, callID) => {
  const it = bench(limits);
  it.join('ann');
  it.join('bob');
  it.join('bob');
  it.join('cyd', callID);
  expect(it.sent).toEqual(['conn close cyd']);
  expect(it.errors).toEqual(['sessions']);
  expect(it.service.counts().sessions).toBe(2);
  leave(it, 'ann');
  it.join('cyd', callID);
  expect(it.service.counts().sessions).toBe(2);
});

test('the limits of one client are no other client’s, and calls that are there go on', () => {
  const it = bench({ callsPerClient: 1, sessionsPerClient: 2 });
  it.join('ann');
  it.join('bob', 'call2');
  expect([it.sent, it.errors]).toEqual([['conn close bob'], ['calls']]);
  it.join('bob');
  it.join('cyd', 'call', 'group2');
  expect(it.service.counts()).toMatchObject({ sessions: 3, sessionsByGroup: { group: 2, group2: 1 } });
});

test('closing tells every session, then stops media', async () => {
  const it = bench();
  it.join('ann');
  it.join('bob', 'call2');
  await it.service.close();
  expect(it.sent).toEqual(['conn close ann', 'conn close bob']);
  expect(it.closed).toEqual(['call', 'call2', 'media']);
});
