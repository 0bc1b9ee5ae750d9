import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';

import {
  cacheFolder,
  installedMediasoup,
  workerBinary,
  workerFolder,
  workerInputs,
} from '../../../sfu/worker/locate.ts';

const cache = mkdtempSync(join(tmpdir(), 'rtc-locate-'));

afterAll(() => rmSync(cache, { recursive: true }));

describe('the cache', () => {
  test.each([
    [{ RTC_CACHE: '/c', XDG_CACHE_HOME: '/x' }, '/c'],
    [{ XDG_CACHE_HOME: '/x' }, '/x/rtc-operator'],
  ])('%j puts it at %s', (env, folder) => {
    expect(cacheFolder(env)).toBe(folder);
  });

  test('is in the home folder otherwise', () => {
    expect(cacheFolder({})).toMatch(/\.cache\/rtc-operator$/);
  });
});

describe('the media worker', () => {
  test('is the one that the environment names', () => {
    expect(workerBinary({ MEDIASOUP_WORKER_BIN: import.meta.filename })).toBe(import.meta.filename);
  });

  test('is not looked for elsewhere when that one is missing', () => {
    expect(() => workerBinary({ MEDIASOUP_WORKER_BIN: '/none' })).toThrow(/\/none.*MEDIASOUP_WORKER_BIN/);
  });

  test('has a command that makes it when it is nowhere', () => {
    expect(() => workerBinary({ RTC_CACHE: cache })).toThrow(/run ".*sfu\/worker\/main\.ts"/);
  });

  test('is made anew when its patches, its libraries or another machine’s compiler and sysroot change', () => {
    const names = workerInputs().map((path) => basename(path));
    expect(names).toEqual(
      expect.arrayContaining([
        'build.ts',
        'cross.ts',
        'fanOut.ts',
        'libsrtp.ts',
        'packages.ts',
        'patches.ts',
        'sysroot.ts',
        'targets.ts',
      ]),
    );
  });

  test('is the cache’s for the installed mediasoup', () => {
    const folder = workerFolder({ RTC_CACHE: cache });
    expect(folder).toContain(installedMediasoup().version);
    mkdirSync(folder);
    writeFileSync(join(folder, 'mediasoup-worker'), '');
    expect(workerBinary({ RTC_CACHE: cache })).toBe(join(folder, 'mediasoup-worker'));
  });
});
