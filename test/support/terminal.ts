/** A program on a terminal of its own, as a person would run it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** The program while it runs. */
export interface Terminal {
  /** Everything it has printed so far. */
  output(): string;
  /** Presses Ctrl-C: the terminal sends SIGINT to everything that runs on it. */
  interrupt(): void;
  /** Exit code of the program. */
  readonly ended: Promise<number>;
  /** Ends it in any case. Safe to call twice. */
  close(): void;
}

const ctrlC = '\x03';

/** `script` (util-linux) makes the terminal, and ends with the program's own exit code. */
export function runOnTerminal(
  command: string,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Terminal {
  const child: ChildProcess = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    ...options,
    stdio: 'pipe',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  return {
    output: () => output,
    interrupt: () => void child.stdin?.write(ctrlC),
    ended: once(child, 'close').then(([code]) => Number(code ?? 1)),
    close: () => void child.kill(),
  };
}
