/** Samples of the documentation that are no commands: configuration is understood, quotations are true. Samples of YAML are in commands.kube.ts. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadConfig } from '../../sfu/config.ts';
import type { Block } from './harness/markdown.ts';
import { allPages, commandPages, isShell, place, root } from './harness/pages.ts';

const blocks = commandPages.flatMap((page) => page.blocks);
const inLanguage = (language: string): readonly Block[] =>
  blocks.filter((block) => block.language === language);

/** What the SFU says of a file; empty: it understands all of it. */
function problemsOf({ text }: Block): readonly unknown[] {
  const dir = mkdtempSync(join(tmpdir(), 'rtc-docs-'));
  try {
    const file = join(dir, 'config.toml');
    writeFileSync(file, text);
    return loadConfig(['--config', file], {}).resolved.problems;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test('every sample of the configuration file is understood by the SFU', () => {
  const samples = inLanguage('toml');
  expect(samples.length).toBeGreaterThan(0);
  const problems = samples.flatMap((block) =>
    problemsOf(block).map((problem) => `${place(block)}: ${String(problem)}`),
  );
  expect(problems).toEqual([]);
});

test('what is shown of nginx stands in the file that is tested', () => {
  const conf = readFileSync(join(root, 'deploy/nginx/rtc.conf'), 'utf8');
  const quotations = inLanguage('nginx');
  expect(quotations.length).toBeGreaterThan(0);
  expect(quotations.filter(({ text }) => !conf.includes(text)).map(place)).toEqual([]);
});

test('a block is in a language that some test knows', () => {
  const known = ['', 'text', 'output', 'toml', 'nginx', 'yaml', 'ts', 'json', 'promql'];
  const others = allPages
    .flatMap((page) => page.blocks)
    .filter((block) => !isShell(block) && !known.includes(block.language));
  expect(others.map((block) => `${place(block)}: ${block.language}`)).toEqual([]);
});
