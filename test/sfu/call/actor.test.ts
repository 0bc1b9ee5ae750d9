import { expect, test } from '@jest/globals';

import { pino } from 'pino';

import { noLimits } from '../../../sfu/call/limits.ts';
import { createCallService } from '../../../sfu/call/registry.ts';
import type { CallService } from '../../../sfu/call/service.ts';
import type { MediaCommand, MediaEvent } from '../../../sfu/media/port.ts';

/** A server of calls whose deciding fails on demand: the addresses cannot be asked for. */
function faulty(): {
  readonly service: CallService;
  readonly sent: string[];
  readonly commands: string[];
  /** What was counted as too much, by group. */
  readonly limited: string[];
  break(isBroken: boolean): void;
  /** Media can be told nothing any more, either. */
  breakMedia(isBroken: boolean): void;
  /** So many bytes on a data channel, whoever it belongs to. */
  receive(sessionID: string, bytes: number): void;
  happen(type: 'join' | 'leave', sessionID: string): void;
} {
  const sent: string[] = [];
  const commands: string[] = [];
  const limited: string[] = [];
  const state = { isBroken: false, isMediaBroken: false };
  let report: (event: MediaEvent) => void = () => undefined;
  const service = createCallService({
    media: {
      bound: [],
      workers: () => [],
      packets: () => ({ in: 0, out: 0 }),
      egressBitsPerSecond: () => 0,
      trouble: () => undefined,
      openCall: (_callID, onEvent) => {
        report = onEvent;
        return {
          run: (command: MediaCommand) => {
            if (state.isMediaBroken) throw new Error('injected');
            commands.push(`${command.type} ${command.sessionID}`);
          },
          close: () => void commands.push('close'),
        };
      },
      close: () => Promise.resolve(),
    },
    plugins: {
      send: ({ connID }, message) => {
        sent.push(`${connID} ${message.type} ${message.type === 'close' ? message.sessionID : ''}`);
        return true;
      },
    },
    log: pino({ level: 'silent' }),
    limits: { ...noLimits, dataMessagesPerSecond: 10 },
    addresses: () => {
      if (state.isBroken) throw new Error('injected');
      return { kind: 'local' };
    },
    metrics: {
      timing: () => undefined,
      connection: () => undefined,
      iceFailure: () => undefined,
      error: () => undefined,
      limited: (groupID, limit) => void limited.push(`${groupID} ${limit}`),
    },
  });
  const props = { channelID: null, av1Support: null, dcSignaling: null };
  return {
    service,
    sent,
    commands,
    limited,
    breakMedia: (isBroken) => void (state.isMediaBroken = isBroken),
    receive: (sessionID, bytes) =>
      report({ type: 'dataReceived', sessionID, ppid: 53, data: Buffer.alloc(bytes) }),
    break: (isBroken) => void (state.isBroken = isBroken),
    happen: (type, sessionID) => {
      const at = { groupID: 'group', connID: 'conn' };
      const session = { groupID: 'group', callID: 'call', userID: 'user', sessionID, props };
      service.handle(type === 'join' ? { type, ...at, session } : { type, ...at, sessionID });
    },
  };
}

test('a join that fails inside the server leaves nothing behind, and its user is told', () => {
  const it = faulty();
  it.break(true);
  it.happen('join', 'ann');
  expect(it.sent).toEqual(['conn close ann']);
  expect(it.service.sessionsOf('group', 'call')).toBe('group not found');
  expect(it.commands).toContain('close');
  it.break(false);
  it.happen('join', 'ann');
  expect(it.service.counts()).toMatchObject({ calls: 1, sessions: 1 });
});

test('a join that fails touches nobody else in the call', () => {
  const it = faulty();
  it.happen('join', 'bob');
  it.break(true);
  it.happen('join', 'ann');
  it.break(false);
  expect(it.service.sessionsOf('group', 'call')).toMatchObject([{ sessionID: 'bob' }]);
  it.happen('leave', 'bob');
  expect(it.service.sessionsOf('group', 'call')).toBe('group not found');
});

test('a session whose end fails as well is taken out all the same', () => {
  const it = faulty();
  it.happen('join', 'ann');
  it.break(true);
  it.happen('leave', 'ann');
  it.break(false);
  expect(it.service.counts()).toMatchObject({ calls: 0, sessions: 0 });
  expect(it.commands).toContain('closeTransport ann');
  expect(it.sent).toEqual(['conn close ann']);
});

test('a fault that nobody could handle costs the event, and the call goes on', () => {
  const it = faulty();
  it.happen('join', 'ann');
  it.break(true);
  it.breakMedia(true);
  expect(() => it.happen('leave', 'ann')).toThrow('injected');
  it.break(false);
  it.breakMedia(false);
  it.happen('join', 'bob');
  expect(it.service.sessionsOf('group', 'call')).toContainEqual(
    expect.objectContaining({ sessionID: 'bob' }),
  );
});

test('what comes late for a session that has left is weighed no more', () => {
  const it = faulty();
  it.happen('join', 'ann');
  it.happen('join', 'bob');
  it.happen('leave', 'ann');
  for (let count = 0; count < 100; count += 1) it.receive('ann', 1);
  expect(it.limited).toEqual([]);
  for (let count = 0; count < 100; count += 1) it.receive('bob', 1);
  expect(it.limited.length).toBeGreaterThan(0);
});
