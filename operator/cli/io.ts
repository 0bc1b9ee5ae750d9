/** The seam between the program and the terminal it runs on. */

/** What verbs print to, and read from. */
export interface Io {
  readonly out: (text: string) => void;
  /** For what is not the answer: progress, and errors. */
  readonly err: (text: string) => void;
  /** Whether the answer goes to a terminal. */
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** How the program ends. Documented in docs/kubectl-rtc.md by `exitCodeHelp`. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, findings: 3, timedOut: 4 } as const;

/** What each means. */
export const exitCodeHelp: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'it was done; nothing is wrong',
  failed: 'it could not be done: the message says why and what helps',
  usage: 'the command line is not understood',
  findings:
    'it was done and something is wrong: `doctor` found a failure, `call-test` a call that failed, `plan -f` a spec that cannot be read',
  timedOut: '`--wait` has waited as long as it may: the message says what is still missing',
};

/** Ends the program with a sentence for people, not with a stack. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

/** An answer: plain data, and the same as text. */
export interface Answer {
  readonly view: unknown;
  readonly text: string;
  /** Default ok. */
  readonly exitCode?: number;
}

/** What cannot be read is wrong usage; `option` is what it was given to. */
export function understood<T>(read: () => T, option?: string): T {
  try {
    return read();
  } catch (error) {
    const where = option === undefined ? '' : `${option}: `;
    if (error instanceof RangeError) throw new CliError(`${where}${error.message}`, exitCodes.usage);
    throw error;
  }
}
