import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createClients, type Clients } from '../../../sfu/auth/clients.ts';
import { createDirectoryStore } from '../../../sfu/auth/directoryStore.ts';
import { newID } from '../../../sfu/auth/ids.ts';
import { hashKey, isKeyOf } from '../../../sfu/auth/keyHash.ts';
import { Busy, createLimiter } from '../../../sfu/auth/limiter.ts';
import { createKeyChecks } from '../../../sfu/auth/keyChecks.ts';
import { createMountedClients, type MountedClients } from '../../../sfu/auth/mountedClients.ts';
import { eventually } from '../../support/eventually.ts';

const key = 'k'.repeat(32);
const other = 'o'.repeat(32);
const log = pino({ level: 'silent' });
const noMounted: MountedClients = { keyOf: () => undefined, close: () => undefined };

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rtc-auth-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const db = (): string => join(dir, 'db');

function openClients(mounted = noMounted, pepper?: Buffer, most = 0): Clients {
  const store = createDirectoryStore({ dir: db(), log });
  return createClients({ store, mounted, keys: createKeyChecks({ store, pepper, log }), most });
}

describe('registered clients', () => {
  test('survive a restart, readable by nobody else', async () => {
    await openClients().register('a/../b c', key);
    const [file = ''] = readdirSync(join(dir, 'db'));
    expect(statSync(join(dir, 'db')).mode & 0o777).toBe(0o700);
    expect(statSync(join(dir, 'db', file)).mode & 0o777).toBe(0o600);
    await expect(openClients().authenticate('a/../b c', key)).resolves.toBeUndefined();
    await expect(openClients().authenticate('a/../b c', other)).rejects.toThrow(/^authentication failed$/);
  });

  test('stay gone when they were unregistered while their quick hash was being written', async () => {
    const clients = openClients(noMounted, Buffer.alloc(32, 1));
    for (let round = 0; round < 20; round += 1) {
      await clients.register('a', key); // Which goes on to keep the quick hash.
      await new Promise((resolve) => setImmediate(resolve)); // That write is under way.
      await clients.unregister('a');
      await expect(clients.authenticate('a', key)).rejects.toThrow('not found');
    }
  });

  test('are gone after they were unregistered, also after a restart', async () => {
    const clients = openClients();
    await clients.register('a', key);
    await clients.authenticate('a', key);
    await clients.unregister('a');
    for (const now of [clients, openClients()])
      await expect(now.authenticate('a', key)).rejects.toThrow('authentication failed: error: not found');
    await clients.register('a', other);
    await expect(clients.authenticate('a', key)).rejects.toThrow('authentication failed');
  });

  test('two that register under one name at the same time: one wins', async () => {
    const clients = openClients();
    const results = await Promise.allSettled([clients.register('a', key), clients.register('a', other)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(clients.authenticate('a', key)).resolves.toBeUndefined();
  });

  test('many that register at the same time do not get beyond the limit', async () => {
    const clients = openClients(noMounted, undefined, 2);
    const names = ['a', 'b', 'c', 'd'];
    const results = await Promise.allSettled(names.map((name) => clients.register(name, key)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(String((results[2] as PromiseRejectedResult).reason)).toContain('limits.registered_clients');
  });

  test('one that cannot be removed from disk stays as it was, in memory too, and can be removed later', async () => {
    const clients = openClients();
    await clients.register('a', key);
    const [name = ''] = readdirSync(db());
    const file = join(db(), name);
    renameSync(file, join(dir, 'aside'));
    mkdirSync(file); // Which no removal of a file removes.
    await expect(clients.unregister('a')).rejects.toThrow();
    await expect(clients.authenticate('a', key)).resolves.toBeUndefined();
    rmSync(file, { recursive: true });
    renameSync(join(dir, 'aside'), file);
    await clients.unregister('a');
    await expect(openClients().authenticate('a', key)).rejects.toThrow('not found');
  });

  test('two that unregister one name at the same time: one finds it', async () => {
    const clients = openClients();
    await clients.register('a', key);
    const results = await Promise.allSettled([clients.unregister('a'), clients.unregister('a')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  test('a herd that knows its key is let in', async () => {
    const clients = openClients();
    await clients.register('a', key);
    await Promise.all(Array.from({ length: 20 }, () => clients.authenticate('a', key)));
    await Promise.all(Array.from({ length: 1_000 }, () => clients.authenticate('a', key)));
  });

  test('damaged and foreign files are skipped and stay', () => {
    mkdirSync(join(dir, 'db'));
    writeFileSync(join(dir, 'db', 'x.client.json'), '{');
    writeFileSync(join(dir, 'db', '000000000.data'), 'bitcask');
    openClients();
    expect(readdirSync(join(dir, 'db'))).toHaveLength(2);
  });

  test('a directory that cannot be made is named with the remedy', () => {
    writeFileSync(join(dir, 'db'), '');
    expect(() => openClients()).toThrow(/^store\.data_source: .*make .* writable for user/);
  });
});

describe('mounted clients', () => {
  const write = (generation: string, files: Record<string, string>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(dir, generation, path, '..'), { recursive: true });
      writeFileSync(join(dir, generation, path), text);
    }
  };
  /** As the kubelet does it: a new directory, then the link is swapped. */
  const swap = (generation: string): void => {
    symlinkSync(generation, join(dir, '..data_tmp'));
    renameSync(join(dir, '..data_tmp'), join(dir, '..data'));
  };

  test('are known at once, follow a swap of the Secret, and cannot be registered or unregistered', async () => {
    write('..1', { 'mm/clientID': 'a\n', 'mm/authKey': `${key}\n` });
    swap('..1');
    symlinkSync(join('..data', 'mm'), join(dir, 'mm'));
    const mounted = await createMountedClients({ dir, log, intervalMs: 10 });
    const clients = openClients(mounted);
    await expect(clients.authenticate('a', key)).resolves.toBeUndefined();
    await expect(clients.authenticate('a', other)).rejects.toThrow(/^authentication failed$/);
    await expect(clients.register('a', other)).rejects.toThrow('already registered');
    await expect(clients.unregister('a')).rejects.toThrow('not found');

    write('..2', { 'mm/clientID': 'a', 'mm/authKey': other });
    swap('..2');
    await eventually(() => (mounted.keyOf('a') === other ? undefined : 'the new key'));
    await expect(clients.authenticate('a', key)).rejects.toThrow('authentication failed');
    mounted.close();
  });

  test('incomplete ones and weak keys are skipped, the others are not', async () => {
    write('.', {
      'ok/clientID': 'a',
      'ok/authKey': key,
      'half/clientID': 'b',
      'weak/clientID': 'c',
      'weak/authKey': 'x',
    });
    const mounted = await createMountedClients({ dir, log, intervalMs: 10 });
    expect(['a', 'b', 'c'].map((clientID) => mounted.keyOf(clientID))).toEqual([key, undefined, undefined]);
    mounted.close();
  });

  test('a directory that comes later is read then', async () => {
    const mounted = await createMountedClients({ dir: join(dir, 'late'), log, intervalMs: 10 });
    expect(mounted.keyOf('a')).toBeUndefined();
    write('late', { 'x/clientID': 'a', 'x/authKey': key });
    await eventually(() => (mounted.keyOf('a') === key ? undefined : 'the key'));
    mounted.close();
  });
});

describe('keys and ids', () => {
  test('a hash fits its key only, and never holds it', async () => {
    const hash = await hashKey(key);
    expect(hash).not.toContain(key);
    expect([await isKeyOf(hash, key), await isKeyOf(hash, other), await isKeyOf('nonsense', key)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('ids have 26 characters and do not repeat', () => {
    const ids = Array.from({ length: 1_000 }, newID);
    expect(new Set(ids).size).toBe(1_000);
    expect(ids.every((id) => /^[ybndrfg8ejkmcpqxot1uwisza345h769]{26}$/.test(id))).toBe(true);
  });

  test('whoever waits too long for a turn is turned away, the next one is served', async () => {
    const limiter = createLimiter({ concurrent: 1, waitMs: 20 });
    let release = (): void => undefined;
    const first = limiter.run(() => new Promise<void>((resolve) => (release = resolve)));
    await expect(limiter.run(() => Promise.resolve())).rejects.toBeInstanceOf(Busy);
    release();
    await first;
    await expect(limiter.run(() => Promise.resolve(1))).resolves.toBe(1);
  });
});
