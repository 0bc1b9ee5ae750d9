import { expect, test } from '@jest/globals';
import { commandPages, isShell, place } from './harness/pages.ts';
import { readMark } from './harness/mark.ts';
import { readPage } from './harness/markdown.ts';
import { printProblem, shownBelow } from './harness/printed.ts';

test('what a page shows is what was printed, but for what varies', () => {
  expect(printProblem('NAME  AGE\ncalls …', 'NAME  AGE \ncalls 12s\n')).toBeUndefined();
  expect(printProblem('1 node… n2 is cordoned', '1 node, 2 wanted. n2 is cordoned')).toBeUndefined();
  expect(printProblem('a (b)', 'a b')).toContain('the page shows\na (b)\nand it prints\na b');
  expect(printProblem('one', 'one\ntwo')).toBeDefined();
});

test('it stands right below the commands', () => {
  const page = readPage('a.md', '```sh\nls\n```\n\n```output\nfile\n```\n\n```sh\npwd\n```\n');
  expect(page.blocks.map((block) => shownBelow(page, block))).toEqual(['file', undefined, undefined]);
});

test('what is shown as printed is printed by a stage that compares it', () => {
  const problems = commandPages.flatMap((page) =>
    page.blocks.flatMap((block, index) => {
      if (block.language !== 'output') return [];
      const above = page.blocks[index - 1];
      const mark = above !== undefined && isShell(above) ? readMark(above.mark) : undefined;
      const isRun = mark !== undefined && !('problem' in mark) && mark.stage === 'api';
      return isRun ? [] : [`${place(block)}: no command above it that is run on the stage "api"`];
    }),
  );
  expect(problems).toEqual([]);
});

test('nothing that a command prints hides in a block of text', () => {
  const problems = commandPages.flatMap((page) =>
    page.blocks.flatMap((block, index) => {
      const above = page.blocks[index - 1];
      if (block.language !== 'text' || above === undefined || !isShell(above)) return [];
      const gap = block.line - (above.line + above.text.split('\n').length + 1);
      return gap <= 2 ? [`${place(block)}: right below commands: name it "output"`] : [];
    }),
  );
  expect(problems).toEqual([]);
});
