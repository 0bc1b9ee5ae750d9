/** Every link of every page leads somewhere: to a file that is there, and to a heading that it has. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Link } from './harness/markdown.ts';
import { allPages, place, root } from './harness/pages.ts';

const anchors = new Map(allPages.map((page) => [page.path, page.anchors]));

function problemOf({ page, target }: Link): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(root, file))) return `there is no ${file}`;
  if (anchor === undefined || statSync(join(root, file)).isDirectory()) return undefined;
  return anchors.get(file)?.includes(anchor) === true ? undefined : `${file} has no heading #${anchor}`;
}

test.each(allPages.map((page) => [page.path, page] as const))(
  'every link of %s leads somewhere',
  (_, page) => {
    const problems = page.links.flatMap((link) => {
      const problem = problemOf(link);
      return problem === undefined ? [] : [`${place(link)}: ${problem}`];
    });
    expect(problems).toEqual([]);
  },
);

test('every page of docs/ is in its index', () => {
  const index = allPages.find(({ path }) => path === 'docs/README.md');
  const named = new Set(
    index?.links.map(({ target }) => normalize(join('docs', target.split('#')[0] ?? ''))),
  );
  const pages = allPages.map(({ path }) => path).filter((path) => /^docs\/[^/]+\.md$/.test(path));
  expect(pages.filter((path) => path !== 'docs/README.md' && !named.has(path))).toEqual([]);
});
