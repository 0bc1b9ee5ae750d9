/** What a caller with a good credential can do to the rest of a cluster, tried with a real coturn. Needs root. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ensureCoturn } from '../setup/coturn.ts';
import { ensurePackages } from '../setup/packages.ts';
import type { AttackReport } from './turn/attack.ts';

const root = join(import.meta.dirname, '../..');
let report: AttackReport;

beforeAll(async () => {
  await ensurePackages(['nftables', 'iproute2'], () => undefined);
  const coturnRoot = await ensureCoturn(() => undefined);
  const program = join(import.meta.dirname, 'turn/attack.ts');
  const rules = join(root, 'deploy/firewall/turn-node.nft');
  const args = ['--net', process.execPath, program, coturnRoot, rules];
  report = JSON.parse(execFileSync('unshare', args, { timeout: 150_000 }).toString()) as AttackReport;
}, 320_000);

/** Rows of the table in the docs: target, without the rule, with it. */
function documented(): Record<string, { without: string; with: string }> {
  const text = readFileSync(join(root, 'docs/turn-threats.md'), 'utf8');
  const [, table = ''] = /<!-- tried -->\n([^]*?)\n\n/.exec(text) ?? [];
  const rows = table.split('\n').slice(2);
  return Object.fromEntries(
    rows.map((row) => {
      const [name = '', without = '', withRule = ''] = row
        .split('|')
        .slice(1)
        .map((cell) => cell.trim());
      return [name, { without, with: withRule }];
    }),
  );
}

test('every target is reached, refused or dropped as docs/turn-threats.md says', () => {
  expect(report.reached).toEqual(documented());
});

test('a peer is let in and shut out while coturn runs, but for a channel that it has by then', () => {
  expect(report.peers).toEqual({
    before: 'refused with 403',
    added: 'allowed',
    removed: 'refused with 403',
    channelOfRemoved: 'allowed',
  });
});

describe('a caller that takes more than it is given', () => {
  test('gets no allocation beyond its own number, whatever credential it makes', () => {
    expect(report.abuse.ofOneUser).toEqual([0, 0, 486, 486, 486]);
  });

  test('gets none beyond the number of all', () => {
    expect(report.abuse.inTotal).toEqual([0, 0, 486]);
  });

  test('does not keep the operator from seeing which secret a full server takes', () => {
    expect(report.abuse.whenFull).toEqual({
      rightSecret: { ok: true },
      wrongSecret: { ok: false, reason: 'allocate: refused with 401', code: 401 },
    });
  });

  test('has what is beyond its bandwidth dropped', () => {
    const { sentBytes, arrivedBytes, seconds } = report.abuse.bandwidth;
    expect(arrivedBytes).toBeGreaterThan(0);
    expect(arrivedBytes).toBeLessThan(2 * 20_000 * seconds);
    expect(sentBytes).toBeGreaterThan(arrivedBytes * 4);
  });

  test('is not answered without credentials beyond its rate, and others are', () => {
    const { asked, answered, isOtherServed } = report.abuse.unauthenticated;
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThan(asked / 2);
    expect(isOtherServed).toBe(true);
  });
});
