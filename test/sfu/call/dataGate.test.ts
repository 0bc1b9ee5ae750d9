import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createDataGate, leftOutLimit, type DataGate } from '../../../sfu/call/dataGate.ts';

function open(messagesPerSecond: number): {
  gate: DataGate;
  logged: string[];
  limited: string[];
  now: (ms: number) => void;
} {
  let nowMs = 0;
  const logged: string[] = [];
  const limited: string[] = [];
  const gate = createDataGate({
    groupID: 'a',
    messagesPerSecond,
    nowMs: () => nowMs,
    metrics: {
      timing: () => undefined,
      error: () => undefined,
      connection: () => undefined,
      iceFailure: () => undefined,
      limited: (groupID, limit) => void limited.push(`${groupID} ${limit}`),
    },
    log: pino({}, { write: (line: string) => void logged.push(line) }),
  });
  return { gate, logged, limited, now: (ms) => (nowMs = ms) };
}

test('what a session says beyond its rate is left out, counted, and said once; the others are heard', () => {
  const { gate, logged, limited, now } = open(10);
  const said = Array.from({ length: 60 }, () => gate.admit('s1', 1));
  expect(said.filter((one) => one === 'take')).toHaveLength(40);
  expect(said.at(-1)).toBe('leave out');
  expect(gate.admit('s2', 1)).toBe('take');
  expect(limited).toHaveLength(20);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('limits.data_messages_per_second');
  now(100);
  expect(gate.admit('s1', 1)).toBe('take');
});

test('a session that goes on so ends; another of the same id begins afresh', () => {
  const { gate } = open(1);
  const said = Array.from({ length: 4 + leftOutLimit }, () => gate.admit('s1', 1));
  expect(said.indexOf('end session')).toBe(3 + leftOutLimit);
  gate.forget('s1');
  expect(gate.admit('s1', 1)).toBe('take');
});

test('a description counts as five of the short messages, so that nobody keeps the server busy with reading them', () => {
  const { gate, now } = open(10);
  const said = Array.from({ length: 20 }, () => gate.admit('s1', 500));
  expect(said.filter((one) => one === 'take')).toHaveLength(8);
  now(500);
  expect([gate.admit('s1', 500), gate.admit('s1', 500)]).toEqual(['take', 'leave out']);
});

test('0 is no limit', () => {
  const { gate } = open(0);
  expect(new Set(Array.from({ length: 1_000 }, () => gate.admit('s1', 1)))).toEqual(new Set(['take']));
});
