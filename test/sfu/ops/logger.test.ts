import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openLogFile } from '../../../sfu/ops/logFile.ts';
import { createLogger } from '../../../sfu/ops/logger.ts';
import { textLine } from '../../../sfu/ops/logText.ts';
import { eventually } from '../../support/eventually.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rtc-log-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const config = (changes: object): Parameters<typeof createLogger>[0] => ({
  enableConsole: false,
  consoleJson: false,
  consoleLevel: 'info',
  enableFile: true,
  fileJson: true,
  fileLevel: 'debug',
  fileLocation: join(dir, 'rtcd.log'),
  enableColor: false,
  ...changes,
});

test('the file has its own least level, as JSON or as text', () => {
  const log = createLogger(config({}));
  log.debug({ callID: 'c1' }, 'Closed session');
  log.trace('nothing');
  const [line = '', ...more] = readFileSync(join(dir, 'rtcd.log'), 'utf8').trimEnd().split('\n');
  expect(JSON.parse(line)).toMatchObject({ level: 20, callID: 'c1', msg: 'Closed session' });
  expect(more).toEqual([]);
  createLogger(config({ fileJson: false, fileLocation: join(dir, 'text.log') })).info({ a: 'b c' }, 'Hi');
  expect(readFileSync(join(dir, 'text.log'), 'utf8')).toMatch(/^\S+Z INFO {2}Hi a="b c"\n$/);
});

test('keys are not logged', () => {
  createLogger(config({})).info(
    { authKey: 'secret-1', authorization: 'secret-2', adminSecretKey: 'secret-3' },
    'x',
  );
  expect(readFileSync(join(dir, 'rtcd.log'), 'utf8')).not.toContain('secret-');
});

test('without a console an unwritable file ends the start, with the key in the message', () => {
  expect(() => createLogger(config({ fileLocation: join(dir, 'no/such/rtcd.log') }))).toThrow(
    /^logger\.file_location: .*ENOENT/,
  );
});

test('a full file is kept compressed beside a fresh one', async () => {
  const path = join(dir, 'rtcd.log');
  const file = openLogFile(path, 10);
  file.write('0123456789\n');
  file.write('next\n');
  expect(readFileSync(path, 'utf8')).toBe('next\n');
  await eventually(() => {
    const names = readdirSync(dir).filter((name) => name !== 'rtcd.log');
    return names.length === 1 && names[0]?.endsWith('.gz') === true ? undefined : names.join(', ');
  });
});

test('a line for people has time, level, text, fields and the stack of an error', () => {
  const line = JSON.stringify({
    level: 50,
    time: '2026-11-23T10:00:00.000Z',
    msg: 'Failed',
    callID: 'c1',
    n: 1,
    err: { message: 'boo', stack: 'Error: boo\n    at x' },
  });
  expect(textLine(line, false)).toBe(
    '2026-11-23T10:00:00.000Z ERROR Failed callID=c1 n=1\nError: boo\n    at x\n',
  );
  expect(textLine('no json', false)).toBe('no json');
});

test('a flood of one kind of line is cut short and told in one line, other lines go on', () => {
  const path = join(dir, 'rtcd.log');
  const log = createLogger(config({}));
  for (let count = 0; count < 10_000; count += 1)
    log.child({ count }).warn({ reason: 'x' }, 'Ignored message');
  log.info('Closed session');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(201);
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ msg: 'Closed session' });
});
