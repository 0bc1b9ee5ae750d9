/** Every command that the documentation tells to type is run by a test, or says by what it is checked instead. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createProgram } from '../../operator/cli/program.ts';
import { makeProblem, npmProblem, rtcProblem, toolOf } from './harness/inline.ts';
import { readMark } from './harness/mark.ts';
import { commandPages, isShell, place, root } from './harness/pages.ts';

const blocks = commandPages.flatMap((page) => page.blocks).filter(isShell);
const inline = commandPages.flatMap((page) => page.inline);

test('there are blocks and commands to look at', () => {
  expect(blocks.length).toBeGreaterThan(10);
  expect(inline.filter(({ text }) => toolOf(text) !== undefined).length).toBeGreaterThan(50);
});

test('every block of commands says which stage or which test runs it, or why none does', () => {
  const problems = blocks.flatMap((block) => {
    const mark = readMark(block.mark);
    return 'problem' in mark ? [`${place(block)}: ${mark.problem}`] : [];
  });
  expect(problems).toEqual([]);
});

test('a test that is said to run a block is there, and reads the page', () => {
  const problems = blocks.flatMap((block) => {
    const mark = readMark(block.mark);
    const by = 'problem' in mark ? undefined : mark.by;
    if (by === undefined) return [];
    if (!existsSync(join(root, by))) return [`${place(block)}: no file ${by}`];
    const isRead = /blocksBy\(|<!-- by: /.test(readFileSync(join(root, by), 'utf8'));
    return isRead ? [] : [`${place(block)}: ${by} does not read the blocks that name it`];
  });
  expect(problems).toEqual([]);
});

test('the shell can read every block', () => {
  const problems = blocks.flatMap((block) => {
    try {
      execFileSync('bash', ['-n'], { input: block.text, stdio: ['pipe', 'ignore', 'pipe'] });
      return [];
    } catch (error) {
      return [`${place(block)}: ${String(error)}`];
    }
  });
  expect(problems).toEqual([]);
});

test('commands stand between fences, where a test finds them', () => {
  const hidden = commandPages.flatMap(({ path, indented }) => indented.map((line) => `${path}:${line}`));
  expect(hidden).toEqual([]);
});

describe('in the text', () => {
  const makefile = readFileSync(join(root, 'Makefile'), 'utf8');
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const commands = [
    ...inline,
    ...blocks.flatMap(({ page, line, text }) =>
      text.split('\n').map((each) => ({ page, line, text: each.trim() })),
    ),
  ];

  test('every `make` names a target, and every variable one of the Makefile', () => {
    const problems = commands.flatMap((code) => {
      const problem = makeProblem(code.text, makefile);
      return problem === undefined ? [] : [`${place(code)}: ${code.text}: ${problem}`];
    });
    expect(problems).toEqual([]);
  });

  test('every `kubectl rtc` names a verb of it', () => {
    const nothing = { out: () => undefined, err: () => undefined, isTerminal: false, env: {} };
    const io = { ...nothing, nowMs: () => 0, sleep: () => Promise.resolve() };
    const { commands: verbs } = createProgram(io, () => undefined);
    const problems = commands.flatMap((code) => {
      const problem = rtcProblem(code.text, verbs);
      return problem === undefined ? [] : [`${place(code)}: ${code.text}: ${problem}`];
    });
    expect(problems).toEqual([]);
    expect(rtcProblem('kubectl rtc rollout redo', verbs)).toBe('kubectl rtc rollout has no redo');
  });

  test('every `npm` names a script, and files that are there', () => {
    const exists = (path: string): boolean => existsSync(join(root, path)) || hasStart(path);
    const problems = commands.flatMap((code) => {
      const problem = npmProblem(code.text, { scripts: Object.keys(scripts), exists });
      return problem === undefined ? [] : [`${place(code)}: ${code.text}: ${problem}`];
    });
    expect(problems).toEqual([]);
  });
});

/** jest takes the beginning of a path, too. */
function hasStart(path: string): boolean {
  return ['.test.ts', '.media.ts', '.kube.ts', '.story.ts', '.long.ts', '.ts'].some((end) =>
    existsSync(join(root, `${path}${end}`)),
  );
}
