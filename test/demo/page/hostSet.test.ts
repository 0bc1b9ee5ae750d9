import { describe, expect, test } from '@jest/globals';

import {
  afterLoss,
  applyAnswer,
  candidates,
  checkVersion,
  chooseHost,
  type Host,
  type HostSet,
} from '../../../demo/page/server/hostSet.ts';

const host = (address: string, change: Partial<Host> = {}): Host => ({
  address,
  isFlagged: false,
  isConnected: true,
  ...change,
});
const hostSet = (...hosts: Host[]): HostSet => new Map(hosts.map((one) => [one.address, one]));
const found = (...addresses: string[]): { ok: true; addresses: string[] } => ({ ok: true, addresses });

describe('a look-up', () => {
  test('that misses a host flags it and keeps it', () => {
    const { hosts, added, notes } = applyAnswer(hostSet(host('a'), host('b')), found('a'));
    expect([...hosts.values()]).toEqual([host('a'), host('b', { isFlagged: true })]);
    expect(added).toEqual([]);
    expect(notes).toEqual(['flagged b: it left the answer']);
  });

  test('that finds a flagged host again unflags it', () => {
    const { hosts, added } = applyAnswer(hostSet(host('a', { isFlagged: true })), found('a'));
    expect(hosts.get('a')).toEqual(host('a'));
    expect(added).toEqual([]);
  });

  test('that finds a new address asks to connect it', () => {
    expect(applyAnswer(hostSet(host('a')), found('a', 'b', 'b')).added).toEqual(['b']);
  });

  test.each([
    ['fails', { ok: false, reason: 'queryA ENOTFOUND' } as const, 'queryA ENOTFOUND'],
    ['is empty', found(), 'the answer is empty'],
  ])('that %s leaves every flag as it is, and says why', (_, answer, reason) => {
    const before = hostSet(host('a'), host('b', { isFlagged: true }));
    const { hosts, notes } = applyAnswer(before, answer);
    expect(hosts).toBe(before);
    expect(notes).toEqual([`kept all hosts as they are: ${reason}`]);
  });
});

describe('a lost connection', () => {
  test('of a flagged host is forgotten at once', () => {
    expect(afterLoss(host('a', { isFlagged: true }), 1, 0.5)).toEqual({
      next: 'forget',
      reason: 'it is flagged',
    });
  });

  test('is tried again eight times, waiting longer each time, at most 30 s', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => afterLoss(host('a'), attempt, 0.9));
    expect(waits.map((after) => (after.next === 'retry' ? after.waitMs : 0))).toEqual([
      4500, 9000, 13_500, 18_000, 22_500, 27_000, 30_000, 30_000,
    ]);
    expect(afterLoss(host('a'), 9, 0.9)).toEqual({ next: 'forget', reason: '8 attempts failed' });
  });

  test('waits 2 s where chance says 0', () => {
    expect(afterLoss(host('a'), 1, 0)).toMatchObject({ waitMs: 2000 });
  });
});

describe('a new call', () => {
  test('may go to hosts that are published and connected', () => {
    const hosts = hostSet(host('a', { isFlagged: true }), host('b', { isConnected: false }), host('c'));
    expect(candidates(hosts)).toEqual(['c']);
  });

  test('goes to the lowest load, the first of equals', () => {
    const loads = [
      { address: 'a', cpuLoad: 2 },
      { address: 'b', cpuLoad: 1.0049 },
      { address: 'c', cpuLoad: 1.0049 },
      { address: 'd', cpuLoad: undefined },
    ];
    expect(chooseHost(loads, 0)).toEqual({ ok: true, address: 'b', reason: 'lowest cpu_load (1)' });
  });

  test('goes anywhere when no host tells its load', () => {
    const loads = ['a', 'b'].map((address) => ({ address, cpuLoad: undefined }));
    expect(chooseHost(loads, 0.7)).toEqual({ ok: true, address: 'b', reason: 'no host told its load: any' });
  });

  test('is refused with a reason when there is no host', () => {
    expect(chooseHost([], 0)).toEqual({ ok: false, reason: 'no host is both published and connected' });
  });
});

describe('the version floor', () => {
  test.each(['v1.2.6', '1.2.6+rtc.0.1.0', 'v0.17.0', '', 'master', 'dev-abc'])('lets %p in', (version) => {
    expect(checkVersion(version).ok).toBe(true);
  });

  test.each(['v0.16.9', 'nonsense'])('keeps %p out', (version) => {
    expect(checkVersion(version).ok).toBe(false);
  });
});
