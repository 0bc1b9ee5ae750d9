/** The arguments: rtcd's `-config FILE`, also with two dashes or `=`, and `--check-config`. */

import type { Given } from './given.ts';

/** What the arguments ask for. */
export interface CommandLine {
  /** Default `config/config.toml`, as rtcd. */
  readonly configFile: string;
  /** Print what was understood and exit. */
  readonly isCheck: boolean;
  readonly isHelp: boolean;
  /** Settings that win over file and variables. */
  readonly given: readonly Given[];
  readonly problems: readonly string[];
}

/** Printed by `--help`, and after arguments that were not understood. */
export const usage = `Usage: rtcd [--config FILE] [--drain-timeout SECONDS] [--check-config]

  --config FILE            TOML file, default config/config.toml; RTCD_* variables win over it
  --drain-timeout SECONDS  drain.timeout_seconds: after SIGTERM, close what is left then; 0 = wait for the last session
  --check-config           print what was understood and where it came from; exit 0 when it is valid, else 1
  --help                   print this
`;

const flag = /^--?(config|drain-timeout|check-config|help|h)(?:=(.*))?$/s;

/** Reads the arguments after the program's name. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const values = new Map<string, string>();
  const problems: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [, name, value] = flag.exec(arg) ?? [];
    if (name === undefined) problems.push(`${arg}: unknown argument`);
    else values.set(name, takesValue(name) ? (value ?? rest.shift() ?? '') : '');
  }
  if (values.get('config') === '') problems.push('--config: needs a file');
  return {
    configFile: values.get('config') ?? 'config/config.toml',
    isCheck: values.has('check-config'),
    isHelp: values.has('help') || values.has('h'),
    ...drainTimeout(values.get('drain-timeout'), problems),
  };
}

function takesValue(name: string): boolean {
  return name === 'config' || name === 'drain-timeout';
}

function drainTimeout(
  text: string | undefined,
  problems: readonly string[],
): Pick<CommandLine, 'given' | 'problems'> {
  if (text === undefined) return { given: [], problems };
  if (!/^\d{1,9}$/.test(text))
    return { given: [], problems: [...problems, '--drain-timeout: needs a whole number of seconds'] };
  const origin = { kind: 'argument', name: '--drain-timeout' } as const;
  return { given: [{ key: 'drain.timeout_seconds', value: Number(text), origin }], problems };
}
