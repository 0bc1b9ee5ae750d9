import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const sfu = join(root, 'sfu');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The texts of the log lines that somebody may be woken by. */
function loudLines(): readonly string[] {
  const files = readdirSync(sfu, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const call = /\b(?:warn|error|fatal)\(\s*\{[^;]*?,\s*'([A-Z][^']*)',?\s*\)/g;
  const decided = /\blog\(\s*'(?:warn|error)',\s*'([A-Z][^']*)'/g; // What a decision of a call tells.
  const texts = files.flatMap((name) => {
    const source = readFileSync(join(sfu, name), 'utf8');
    return [...source.matchAll(call), ...source.matchAll(decided)].map(([, text = '']) => text);
  });
  return [...new Set(texts)].sort();
}

test('every line that the SFU logs at warn or above is explained for whoever is called at night', () => {
  const page = read('docs/operations-sfu.md');
  expect(loudLines().length).toBeGreaterThan(20);
  expect(loudLines().filter((text) => !page.includes(`\`${text}\``))).toEqual([]);
});

test.each([
  'README.md',
  'deploy/README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
])('every file that %s links to is there', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
});
