/** A release, made twice: the same bytes, a chart that both helms take, and sums that hold. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createToolRunner } from '../cluster/toolRunner.ts';
import { ensureTools } from '../cluster/tools.ts';
import { blocksBy } from '../docs/harness/pages.ts';
import { run } from '../setup/run.ts';

const root = join(import.meta.dirname, '../..');
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rtc-release-'));
  const [told = '', ...others] = blocksBy('test/release/release.long.ts');
  expect(others).toEqual([]);
  const [program = '', ...words] = told.split(' ');
  for (const name of ['one', 'two'])
    await run(
      program,
      words.map((word) => (word === 'dist/release' ? join(dir, name) : word)),
      { cwd: root },
    );
}, 120_000);
afterAll(() => rm(dir, { recursive: true }));

test('the same commit makes the same bytes, and the sums hold', async () => {
  const sums = (name: string): Promise<string> => readFile(join(dir, name, 'SHA256SUMS'), 'utf8');
  expect(await sums('two')).toBe(await sums('one'));
  const { stdout } = await run('sha256sum', ['--check', 'SHA256SUMS'], { cwd: join(dir, 'one') });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const files = [
    'crds.yaml',
    'kubectl-rtc',
    `rtc-operator-${version}.tgz`,
    'sbom-operator.cdx.json',
    'sbom-sfu.cdx.json',
  ];
  expect(stdout).toBe(files.map((file) => `${file}: OK\n`).join(''));
});

test('the chart is one that both helms take, of the version of package.json', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const tools = createToolRunner(await ensureTools(() => undefined), undefined, dir);
  for (const helm of [3, 4] as const) {
    const shown = await tools.helm(helm, 'show', 'chart', join(dir, 'one', `rtc-operator-${version}.tgz`));
    expect(shown).toContain(`\nversion: ${version}\n`);
    expect(shown).toContain(`appVersion: ${version}\n`);
  }
}, 30_000);

test('kubectl-rtc runs, and each list of parts names what is in its program alone', async () => {
  expect((await run(process.execPath, [join(dir, 'one/kubectl-rtc'), '--help'])).stdout).toContain('Usage');
  const namesIn = async (program: string): Promise<readonly string[]> => {
    const bom = JSON.parse(await readFile(join(dir, `one/sbom-${program}.cdx.json`), 'utf8')) as {
      components: { name: string }[];
    };
    return bom.components.map(({ name }) => name);
  };
  const sfu = await namesIn('sfu');
  expect(sfu).toEqual(expect.arrayContaining(['fastify', 'mediasoup-worker', 'libsrtp', 'node-datachannel']));
  const operator = await namesIn('operator');
  expect(operator).toEqual(expect.arrayContaining(['undici', 'commander']));
  for (const name of ['mediasoup-worker', 'fastify', 'node-datachannel'])
    expect(operator).not.toContain(name);
});
