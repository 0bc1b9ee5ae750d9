/** The arguments: rtcd's `-config FILE`, also with two dashes or `=`, and `--check-config`. */

/** What the arguments ask for. */
export interface CommandLine {
  /** Default `config/config.toml`, as rtcd. */
  readonly configFile: string;
  /** Print what was understood and exit. */
  readonly isCheck: boolean;
  readonly isHelp: boolean;
  readonly problems: readonly string[];
}

/** Printed by `--help`, and after arguments that were not understood. */
export const usage = `Usage: rtcd [--config FILE] [--check-config]

  --config FILE    TOML file, default config/config.toml; RTCD_* variables win over it
  --check-config   print what was understood and where it came from; exit 0 when it is valid, else 1
  --help           print this
`;

/** Reads the arguments after the program's name. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const files: string[] = [];
  const problems: string[] = [];
  const flags = new Set<string>();
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const match = /^--?(config|check-config|help|h)(?:=(.*))?$/s.exec(arg);
    if (match === null) problems.push(`${arg}: unknown argument`);
    else if (match[1] === 'config') files.push(match[2] ?? rest.shift() ?? '');
    else flags.add(match[1] ?? '');
  }
  if (files.includes('')) problems.push('--config: needs a file');
  return {
    configFile: files.at(-1) ?? 'config/config.toml',
    isCheck: flags.has('check-config'),
    isHelp: flags.has('help') || flags.has('h'),
    problems,
  };
}
