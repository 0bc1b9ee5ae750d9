import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createProber } from '../../../sfu/probe/runner.ts';

const request = { origin: 'http://127.0.0.1:1', addresses: ['127.0.0.1'] };

function entryOf(source: string): string {
  const entry = join(mkdtempSync(join(tmpdir(), 'rtc-probe-')), 'probe.mjs');
  writeFileSync(entry, source);
  return entry;
}

test('one probe runs at a time, and the key reaches it by a pipe alone (a played program)', async () => {
  const entry = entryOf(`
    let job = '';
    for await (const part of process.stdin) job += part;
    const isSeen = JSON.stringify([process.argv, process.env]).includes('k3y');
    process.stdout.write(JSON.stringify({ ok: !isSeen, message: JSON.parse(job).adminKey, paths: [] }));
  `);
  const prober = createProber({ adminKey: 'k3y', entry });
  const both = await Promise.all([prober(request), prober(request)]);
  expect(both).toEqual([
    { outcome: 'done', report: { ok: true, message: 'k3y', paths: [] } },
    { outcome: 'busy' },
  ]);
});

test('a program that does not run is no failed probe (a played program)', async () => {
  const prober = createProber({ adminKey: 'k', entry: entryOf(`import 'there-is-no-such-library';`) });
  expect(await prober(request)).toEqual({
    outcome: 'unable',
    reason: expect.stringContaining('there-is-no-such-library') as unknown,
  });
});

test('a program that hangs is ended (a played program)', async () => {
  const prober = createProber({
    adminKey: 'k',
    entry: entryOf('setInterval(() => {}, 1e6)'),
    timeoutMs: 300,
  });
  expect(await prober(request)).toMatchObject({ outcome: 'unable' });
  expect(await prober(request)).toMatchObject({ outcome: 'unable' });
});
