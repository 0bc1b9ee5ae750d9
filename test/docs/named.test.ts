/** Pages that programs, the chart and conditions send people to are there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './harness/pages.ts';

const folders = ['operator', 'sfu', 'charts', 'crds', 'deploy', 'demo'];

function filesOf(folder: string): readonly string[] {
  const all = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile() && /\.(ts|ya?ml|tpl|txt|json|conf|sh)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

test.each(folders)('every page that %s names is there', (folder) => {
  const missing = filesOf(folder).flatMap((file) => {
    const named = readFileSync(file, 'utf8').match(/\bdocs\/[a-z-]+\.md\b/g) ?? [];
    return named.filter((page) => !existsSync(join(root, page))).map((page) => `${file}: ${page}`);
  });
  expect(missing).toEqual([]);
});
