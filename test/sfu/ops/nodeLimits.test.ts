import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createNodeLimits, portList, portRange } from '../../../sfu/ops/nodeLimits.ts';
import { eventually } from '../../support/eventually.ts';

const log = pino({ level: 'silent' });
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rtc-proc-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

test('the settings of the node are read, and the most that the table of connections held', async () => {
  write('core/rmem_max', '212992\n');
  write('core/wmem_max', '4194304\n');
  write('ipv4/ip_local_port_range', '32768\t60999\n');
  write('ipv4/ip_local_reserved_ports', '8045-8048\n');
  write('netfilter/nf_conntrack_max', '1000\n');
  write('netfilter/nf_conntrack_count', '10\n');
  const reader = await createNodeLimits({ log, root, intervalMs: 5 });
  expect(reader.known()).toEqual({
    receiveBufferBytes: 212_992,
    sendBufferBytes: 4_194_304,
    ephemeralPorts: { first: 32_768, last: 60_999 },
    reservedPorts: [{ first: 8045, last: 8048 }],
    conntrack: { limit: 1000, peak: 10 },
  });
  for (const [used, peak] of [
    [900, 900],
    [20, 900],
  ] as const) {
    write('netfilter/nf_conntrack_count', String(used));
    await eventually(() => (reader.known().conntrack?.peak === peak ? undefined : 'not read yet'));
  }
  reader.close();
});

test('what is not to be seen is null', async () => {
  const reader = await createNodeLimits({ log, root });
  expect(reader.known()).toEqual({
    ...{ receiveBufferBytes: null, sendBufferBytes: null, ephemeralPorts: null },
    ...{ reservedPorts: [], conntrack: null },
  });
  reader.close();
});

test.each([
  ['', []],
  ['8045', [{ first: 8045, last: 8045 }]],
  [
    '8045-8046,9000\n',
    [
      { first: 8045, last: 8046 },
      { first: 9000, last: 9000 },
    ],
  ],
])('the list "%s" of ports is read', (text, expected) => {
  expect(portList(text)).toEqual(expected);
});

test('a range of ports that is none is null', () => {
  expect(portRange('nonsense')).toBeNull();
});
