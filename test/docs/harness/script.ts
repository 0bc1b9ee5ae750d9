/** Runs commands of a page as a person would: bash, in a checkout of which nothing is changed. */
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from '../../setup/run.ts';
import { eventually } from '../../support/eventually.ts';
import type { Mark } from './mark.ts';
import { root } from './pages.ts';
import { printProblem } from './printed.ts';

/** A folder that looks like the checkout; what commands write there stays there. */
export interface Scratch {
  readonly dir: string;
  /** Programs that are found before all others: name to the text of a shell script. */
  addProgram(name: string, script: string): Promise<void>;
  /** What it printed. Rejects with the end of that when it fails. */
  run(text: string): Promise<string>;
  /** A block with what its mark asks for; `shown` is what the page says that it prints, tried until it does. */
  runMarked(text: string, mark: Mark, shown?: string): Promise<void>;
  remove(): Promise<void>;
}

/** Options of `createScratch`. */
export interface ScratchOptions {
  /** Folders of programs, before those of the machine. */
  readonly path?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Words of every command and what stands for them. */
  readonly words?: readonly (readonly [string, string])[];
  /** How long a command may take. Default 60 s. */
  readonly timeoutMs?: number;
}

const commandMs = 60_000;
const outcomeMs = 30_000;

/** How long `runMarked` may take before it says itself what was missing: a test has to be more patient. */
export function longestMs(mark: Mark): number {
  return (mark.before.length + 1) * commandMs + (mark.after.length + 1) * outcomeMs;
}

/** See `Scratch`. */
export async function createScratch(options: ScratchOptions = {}): Promise<Scratch> {
  const { path = [], env = {}, words = [], timeoutMs = commandMs } = options;
  const dir = await mkdtemp(join(tmpdir(), 'rtc-docs-'));
  const bin = join(dir, '.bin');
  await mkdir(bin);
  for (const name of await readdir(root))
    if (!name.startsWith('.')) await symlink(join(root, name), join(dir, name));
  const PATH = [bin, ...path, process.env['PATH']].join(delimiter);
  const runText = async (text: string, more: Mark['set'] = []): Promise<string> => {
    const script = withWords(text, [...more, ...words]);
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], {
      ...{ cwd: dir, timeoutMs },
      env: { ...env, PATH },
    });
    return stdout;
  };
  return {
    dir,
    async addProgram(name, script) {
      await writeFile(join(bin, name), script);
      await chmod(join(bin, name), 0o755);
    },
    run: (text) => runText(text),
    async runMarked(text, mark, shown) {
      for (const command of mark.before) await runText(command, mark.set);
      if (shown === undefined) await runText(text, mark.set);
      else
        await eventually(async () => printProblem(shown, await runText(text, mark.set)), {
          ...{ timeoutMs: outcomeMs, intervalMs: 250 },
        });
      for (const command of mark.after)
        await eventually(() => runText(command, mark.set).then(() => undefined), {
          ...{ timeoutMs: outcomeMs, intervalMs: 250 },
        });
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** Words stand for themselves, whatever they mean in an expression. */
export function withWords(text: string, words: Mark['set']): string {
  const escaped = (word: string): string => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return words.reduce(
    (result, [word, value]) =>
      result.replaceAll(new RegExp(`(?<!\\w)${escaped(word)}(?!\\w)`, 'g'), () => value),
    text,
  );
}
