/** The only place that reads the environment and the configuration file. */
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { readCommandLine, type CommandLine } from './config/commandLine.ts';
import { fromEnvironment } from './config/fromEnvironment.ts';
import { fromFile } from './config/fromFile.ts';
import type { Source } from './config/given.ts';
import { resolve, type Resolved } from './config/resolve.ts';
import type { Config } from './config/schema.ts';
import { tlsProblem } from './config/tlsFiles.ts';

export type { Config } from './config/schema.ts';

/** What was asked for and what was understood. */
export interface Loaded {
  readonly commandLine: CommandLine;
  readonly resolved: Resolved;
  /** Frozen. Undefined when there are problems. */
  readonly config: Config | undefined;
  /** Which file was read, or that there was none. */
  readonly fileNote: string;
}

/** Reads arguments, file and variables. A missing file means defaults; an unreadable one is a problem. */
export function loadConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Loaded {
  const commandLine = readCommandLine(args);
  const { source: file, note: fileNote } = readFile(commandLine.configFile);
  const environment = fromEnvironment(env);
  const resolved = withTlsTried(
    resolve({
      file,
      environment,
      commandLine: { given: commandLine.given, problems: commandLine.problems, notes: [] },
      hasDataVolume: hasDataVolume(),
    }),
  );
  return { commandLine, resolved, config: deepFreeze(resolved.config), fileNote };
}

/** A certificate that cannot be served is a problem of the configuration, found before anything starts. */
function withTlsTried(resolved: Resolved): Resolved {
  const tls = resolved.config?.api.http.tls;
  const problem = tls?.enable === true ? tlsProblem(tls) : undefined;
  if (problem === undefined) return resolved;
  return { ...resolved, config: undefined, problems: [...resolved.problems, problem] };
}

function readFile(path: string): { readonly source: Source; readonly note: string } {
  const nothing: Source = { given: [], problems: [], notes: [] };
  try {
    const source = fromFile(readFileSync(path, 'utf8'));
    const problems = source.problems.map((problem) => `${path}: ${problem}`);
    return { source: { ...source, problems }, note: `Configuration file: ${path}` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return { source: nothing, note: `Configuration file: none at ${path}, using defaults` };
    const reason = error instanceof Error ? error.message : String(error);
    return { source: { ...nothing, problems: [`${path}: ${reason}`] }, note: `Configuration file: ${path}` };
  }
}

/** True where `/data` is a volume of its own, as in the compose file of the owner's guide, and can be written. */
function hasDataVolume(): boolean {
  try {
    accessSync('/data', constants.W_OK);
    return statSync('/data').dev !== statSync('/').dev;
  } catch {
    return false;
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
