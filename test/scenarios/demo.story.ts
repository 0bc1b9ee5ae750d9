/** The demo as it is run without a terminal: its own checks decide, and its last words are looked at. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readEvidence } from '../setup/evidence.ts';
import type { Evidence } from '../setup/figures.ts';

const root = join(import.meta.dirname, '../..');
let docs: string;
let output = '';
let code: unknown;

beforeAll(async () => {
  docs = await mkdtemp(join(tmpdir(), 'rtc-docs-'));
  const child = spawn(process.execPath, ['demo/story.ts'], {
    cwd: root,
    env: { ...process.env, RTC_DOCS: docs },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  [code] = (await once(child, 'close')) as [number | null];
}, 600_000);
afterAll(() => rm(docs, { recursive: true, force: true }));

/** A run that had to build things first keeps its figures under another name. */
async function figures(): Promise<Evidence> {
  const [evidence] = (await readEvidence(join(docs, 'evidence'))).values();
  if (evidence === undefined) throw new Error('the demo wrote no figures');
  return evidence;
}

test('the story ends well: everybody was heard before, during and after the scale-down', async () => {
  if (code !== 0) throw new Error(`it ended with ${String(code)}:\n${output.slice(-6000)}`);
  const { values } = await figures();
  expect(values).toMatchObject({
    ways: { direct: 4, relayed: 1 },
    beforeScaleDown: { pairs: 20 },
    whileDrainedByHand: { pairs: 20 },
    whileDraining: { pairs: 20 },
    afterScaleDown: { pairs: 20 },
  });
});

test('one of them went by TURN alone, over UDP', () => {
  expect(output).toMatch(/Bruno: relayed over UDP by turn:[\d.]+:3478\?transport=udp/);
});

test('a pod was added as people came', () => {
  expect(output).toMatch(/seven people talk, so there is a third pod/);
});

test('a click on the host page drained the pod of the big call, whose people talked on, and another took that back', () => {
  expect(output).toMatch(
    /"Drain" is clicked on calls-sfu-\d at \S+: Ada, Bruno, Chloe, Dimitra and Emil talk on here/,
  );
  expect(output).toMatch(/that is taken back: calls-sfu-\d gets new calls again/);
});

test('the drained pod waited for its call, and a new call went elsewhere', () => {
  expect(output).toMatch(/a new call goes to calls-sfu-\d on n\d .*, not to calls-sfu-\d/);
  expect(output).toMatch(/calls-sfu-\d is gone; nobody was cut off/);
});

test('pictures of the call page and of the host page were taken', async () => {
  for (const picture of ['demo.png', 'demo-hosts.png'])
    expect((await stat(join(docs, 'evidence', picture))).size).toBeGreaterThan(10_000);
});
