/**
 * PURE: what the invisible comment before a block of commands says of it.
 *
 *     <!-- run: api                          a stage that runs it, or
 *     by: test/deploy/compose.story.ts       the test that runs it instead, or
 *     not run: cloud                         one of the kinds of `notRun.ts`
 *     set: NAME=calls                        a word in the block that stands for another
 *     before: touch tls.crt                  a command that comes first
 *     after: kubectl get rtc calls           one that must succeed in the end, tried until it does
 *     -->
 */
import { type NotRun, notRun } from './notRun.ts';

/** Where blocks can be run: `commands.*.ts` has one file for each. */
export const stages = ['shell', 'api', 'sfu', 'cluster'] as const;
/** See `stages`. */
export type Stage = (typeof stages)[number];

/** A mark, understood. */
export interface Mark {
  readonly stage?: Stage;
  /** Path of a test. */
  readonly by?: string;
  readonly notRun?: NotRun;
  /** Words and what stands for them. */
  readonly set: readonly (readonly [string, string])[];
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** A mark, or what is wrong with it. */
export type MarkOrProblem = Mark | { readonly problem: string };

const is = <T extends string>(words: readonly T[], word: string | undefined): word is T =>
  words.includes(word as T);

/** See the file comment. */
export function readMark(text: string): MarkOrProblem {
  const lines = text.split('\n').map((line) => /^\s*([a-z ]+?): (.*?)\s*$/.exec(line));
  const of = (key: string): readonly string[] =>
    lines.flatMap((line) => (line?.[1] === key ? [line[2] ?? ''] : []));
  const [run] = of('run');
  const [by] = of('by');
  const [reason] = of('not run');
  const problem = problemOf({ run, by, reason });
  if (problem !== undefined) return { problem };
  return {
    ...(is(stages, run) && { stage: run }),
    ...(by !== undefined && { by }),
    ...(is(Object.keys(notRun) as NotRun[], reason) && { notRun: reason }),
    set: of('set').map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]),
    before: of('before'),
    after: of('after'),
  };
}

interface Said {
  readonly run: string | undefined;
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

function problemOf({ run, by, reason }: Said): string | undefined {
  const said = [run, by, reason].filter((value) => value !== undefined).length;
  if (said !== 1)
    return `needs exactly one of "run: ${stages.join('|')}", "by: TEST" and "not run: ${Object.keys(notRun).join('|')}" in a comment before the block`;
  if (run !== undefined && !is(stages, run)) return `"run: ${run}" is none of ${stages.join(', ')}`;
  if (reason !== undefined && !is(Object.keys(notRun) as NotRun[], reason))
    return `"not run: ${reason}" is none of ${Object.keys(notRun).join(', ')}`;
  return undefined;
}
