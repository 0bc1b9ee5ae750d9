/** What any builder of images must be able to read, and what a final stage must not hold. */
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { bundleSfu, sfuNodeFlags } from '../support/sfuProgram.ts';

const root = join(import.meta.dirname, '../..');

describe.each(['Dockerfile.operator', 'Dockerfile.sfu'])('%s', (name) => {
  const text = readFileSync(join(root, name), 'utf8');
  const instructions = text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter(Boolean);
  const stages = instructions.join('\n').split(/^(?=FROM )/m);
  const final = stages.at(-1) ?? '';

  test('stands on the official slim Node image unless told otherwise', () => {
    expect(text).toMatch(/^ARG BASE_IMAGE=docker\.io\/library\/node:24-bookworm-slim$/m);
    expect(final).toMatch(/^FROM \$\{BASE_IMAGE\}$/m);
  });

  test('uses nothing that older builders lack', () => {
    expect(instructions.filter((line) => /^RUN .*<<|^COPY .*--link/.test(line))).toEqual([]);
  });

  test('installs dependencies before it looks at sources, so that a change costs seconds', () => {
    const install = instructions.findIndex((line) => line.includes('npm ci'));
    const sources = instructions.findIndex((line) => /^COPY (operator|sfu)\//.test(line));
    expect(install).toBeGreaterThan(0);
    expect(sources).toBeGreaterThan(install);
  });

  test('ends as user 65532, told to stop by SIGTERM, with a fixed entry point', () => {
    for (const line of ['USER 65532:65532', 'STOPSIGNAL SIGTERM', 'CMD []']) expect(final).toContain(line);
    expect(final).toMatch(
      /^ENTRYPOINT \["\/usr\/local\/bin\/node", ("--[a-z=0-9-]+", )?"\/app\/main\.mjs"\]$/m,
    );
  });

  test('sees secrets only in stages that are thrown away', () => {
    expect(final).not.toContain('secret');
    expect(text).not.toMatch(/^(ENV|ARG) .*(NPM_|CA_|TOKEN)/m);
  });
});

test('the SFU has the same flags of Node in its image and from npm start', async () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  expect(scripts['start']).toBe(['node', ...(await sfuNodeFlags()), 'sfu/main.ts'].join(' '));
});

test('the bundle of the SFU is one byte a letter, and holds neither languages nor compilers that nobody uses', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'rtc-sfu-bundle-'));
  try {
    const bundle = await bundleSfu(dir);
    const text = await readFile(bundle, 'latin1');
    expect(text).not.toMatch(/[\u0080-\u00ff]/);
    expect(text).not.toContain('ajv/dist/');
    expect(text).not.toContain('Ongeldige');
    expect(text.length).toBeLessThan(2_500_000);
  } finally {
    await rm(dir, { recursive: true });
  }
}, 60_000);
