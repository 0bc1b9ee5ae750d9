import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createAddressSource } from '../../../sfu/ops/addressSource.ts';
import { eventually } from '../../support/eventually.ts';
import { defaults } from '../config/defaults.ts';

const log = pino({ level: 'silent' });
const { rtc } = defaults;

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rtc-address-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('an address that is written later, or changed, is known without a restart', async () => {
  const file = join(dir, 'address');
  const source = await createAddressSource({
    rtc: { ...rtc, addressFile: file },
    bound: [],
    log,
    intervalMs: 10,
  });
  expect(source.known()).toEqual({ ok: false, reason: `waiting for an address in ${file}` });
  for (const address of ['192.0.2.1', '192.0.2.2']) {
    writeFileSync(file, `${address}\n`);
    await eventually(() => {
      const known = source.known();
      return known.ok && JSON.stringify(known.rules).includes(address) ? undefined : JSON.stringify(known);
    });
  }
  source.close();
});

test('a hostname is resolved by the server, to an address of the family that media is bound to', async () => {
  const source = await createAddressSource({
    rtc: { ...rtc, iceHostOverride: 'localhost' },
    bound: ['2001:db8::5', '10.0.0.5'],
    log,
  });
  expect(source.known()).toMatchObject({ ok: true, rules: { kind: 'single', external: '127.0.0.1' } });
  source.close();
});
