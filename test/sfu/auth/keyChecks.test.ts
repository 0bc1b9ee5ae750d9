import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { ClientStore, StoredKey } from '../../../sfu/auth/directoryStore.ts';
import { createDirectoryStore } from '../../../sfu/auth/directoryStore.ts';
import { createKeyChecks, type KeyChecks } from '../../../sfu/auth/keyChecks.ts';
import { isSame, quickHash } from '../../../sfu/auth/keyHash.ts';
import { derivePepper } from '../../../sfu/auth/pepper.ts';
import { eventually } from '../../support/eventually.ts';

const log = pino({ level: 'silent' });
const key = 'k'.repeat(32);
const other = 'o'.repeat(32);
/** No key fits this hash, so a `true` can only come from a quick hash. */
const unfitting = `scrypt$2$1$1$c2FsdA$${Buffer.alloc(32).toString('base64url')}`;

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rtc-keys-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function registered(pepper?: Buffer): Promise<{ store: ClientStore; keys: KeyChecks }> {
  const store = createDirectoryStore({ dir, log });
  const keys = createKeyChecks({ store, pepper, log });
  if (store.get('a') === undefined) {
    await store.put('a', { hash: await keys.hash(key) });
    keys.remember('a', key);
  }
  return { store, keys };
}

const fileText = (): string =>
  readdirSync(dir)
    .map((name) => readFileSync(join(dir, name), 'latin1'))
    .join();

test('with an admin key a client that was registered before the restart costs no hashing after it', async () => {
  const pepper = await derivePepper({ dir, adminKey: 'admin' });
  const { store } = await registered(pepper);
  await eventually(() => (store.get('a')?.quick === undefined ? 'the quick hash' : undefined));
  const kept = createDirectoryStore({ dir, log });
  const after: ClientStore = {
    ...kept,
    get: (clientID) => ({ ...(kept.get(clientID) as StoredKey), hash: unfitting }),
  };
  const again = createKeyChecks({
    store: after,
    pepper: await derivePepper({ dir, adminKey: 'admin' }),
    log,
  });
  await expect(again.isKeyOf('a', key)).resolves.toBe(true);
  await expect(again.isKeyOf('a', other)).resolves.toBe(false);
  expect(fileText()).not.toContain(key);
});

test('a quick hash of another admin key counts for nothing: the slow one decides, and the quick one is made anew', async () => {
  const first = await registered(await derivePepper({ dir, adminKey: 'admin' }));
  await eventually(() => (first.store.get('a')?.quick === undefined ? 'the quick hash' : undefined));
  const old = first.store.get('a')?.quick;
  const { store, keys } = await registered(await derivePepper({ dir, adminKey: 'changed' }));
  await expect(keys.isKeyOf('a', other)).resolves.toBe(false);
  await expect(keys.isKeyOf('a', key)).resolves.toBe(true);
  await eventually(() => (store.get('a')?.quick === old ? 'a new quick hash' : undefined));
});

test('without an admin key nothing quick reaches the disk', async () => {
  const { keys } = await registered();
  await expect(keys.isKeyOf('a', key)).resolves.toBe(true);
  expect(fileText()).not.toContain('quick');
  expect(await derivePepper({ dir, adminKey: undefined })).toBeUndefined();
});

test('a client that was unregistered does not come back with a late write of its quick hash', async () => {
  const pepper = Buffer.alloc(32);
  const { store, keys } = await registered(pepper);
  keys.remember('a', key);
  await store.remove('a');
  await store.put('b', { hash: unfitting }); // Writes go in turn: when this is there, the others are done.
  expect(createDirectoryStore({ dir, log }).get('a')).toBeUndefined();
});

test('many keys of one client at a time are refused beyond a few, the same key asks once', async () => {
  const { keys } = await registered();
  keys.forget('a');
  const guesses = Array.from({ length: 20 }, (_, index) => keys.isKeyOf('a', `${index}`.padStart(32, 'g')));
  const results = await Promise.allSettled(guesses);
  expect(results.filter(({ status }) => status === 'rejected').length).toBe(16);
  const same = await Promise.all(Array.from({ length: 100 }, () => keys.isKeyOf('a', key)));
  expect(new Set(same)).toEqual(new Set([true]));
});

test('keys are compared whole, whatever their letters', () => {
  expect([isSame('a', 'a'), isSame('a', 'b'), isSame('ä', 'a'), isSame('ä', 'aa')]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(quickHash(Buffer.alloc(32), 'a', 'bc')).not.toBe(quickHash(Buffer.alloc(32), 'ab', 'c'));
});
