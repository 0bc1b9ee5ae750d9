import { expect, test } from '@jest/globals';
import { createLogger, type LogLevel } from '../../../operator/ops/logger.ts';

function logged(level: LogLevel = 'info'): {
  log: ReturnType<typeof createLogger>;
  lines: Record<string, unknown>[];
} {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { log: createLogger({ level }, { write }), lines };
}

test('a line is data: level by name, time by RFC 3339, the fields as given', () => {
  const { log, lines } = logged();
  log.child({ cluster: 'ns/calls' }).info({ pod: 'calls-1' }, 'Created Pod');
  expect(lines).toMatchObject([
    { level: 'info', program: 'rtc-operator', cluster: 'ns/calls', pod: 'calls-1' },
  ]);
  expect(lines[0]).toMatchObject({
    msg: 'Created Pod',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  });
});

test('an error comes with message, stack and cause', () => {
  const { log, lines } = logged();
  log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'Failed');
  const { message, stack } = lines[0]?.['err'] as { message: string; stack: string };
  expect([message, stack]).toEqual([expect.stringContaining('outer'), expect.stringContaining('inner')]);
});

test('secrets do not get out, however they got in', () => {
  const { log, lines } = logged();
  const authKey = 'sesame';
  log.info(
    { authKey, client: { authKey, adminKey: authKey }, request: { headers: { authorization: authKey } } },
    'x',
  );
  expect(JSON.stringify(lines)).not.toContain('sesame');
});

test('what is below the level is not written', () => {
  const { log, lines } = logged('warn');
  log.info({}, 'quiet');
  expect(lines).toEqual([]);
});
