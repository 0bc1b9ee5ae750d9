/** What the definition of a verb has in common with all others. */
import type { Command } from 'commander';
import type { Answer, Io } from './io.ts';
import type { Session } from './session.ts';

/** What runs a verb: opens the session, prints the answer, closes. */
export type Run = (command: Command, verb: (session: Session, io: Io) => Promise<Answer>) => Promise<void>;

/** Adds verbs to the program. */
export type AddVerbs = (program: Command, run: Run) => void;

/** Below the help of a verb. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
