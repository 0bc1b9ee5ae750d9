/** The logger of `logger.*`: console and file, each as text or JSON lines with its own least level. */
import pino, { type Level, type Logger } from 'pino';
import type { Config } from '../config.ts';
import { createBoundedLog, windowMs } from './boundedLog.ts';
import { openLogFile } from './logFile.ts';
import { textLine } from './logText.ts';

/** rtcd's level names → pino's. */
const levels: Readonly<Record<Config['logger']['consoleLevel'], Level>> = {
  panic: 'fatal',
  fatal: 'fatal',
  error: 'error',
  warn: 'warn',
  info: 'info',
  debug: 'debug',
  trace: 'trace',
};

/** Names that would carry a key; what is logged under them never leaves the process. */
const secrets = ['authKey', 'authorization', 'password', 'adminSecretKey', 'bearerToken'];

/** A file that cannot be opened is said on the console; without a console it throws. */
export function createLogger(config: Config['logger']): Logger {
  const targets: { readonly level: Level; readonly stream: { write(line: string): void } }[] = [];
  if (config.enableConsole)
    targets.push({
      level: levels[config.consoleLevel],
      stream: consoleStream(config.consoleJson, config.enableColor),
    });
  const fileProblem = config.enableFile ? addFile(config, targets) : undefined;
  const least = targets.map(({ level }) => level).sort((a, b) => rank(a) - rank(b))[0] ?? 'info';
  const logger: Logger = pino(
    {
      level: least,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: secrets,
      hooks: { logMethod: gated(() => logger) },
    },
    pino.multistream(targets),
  );
  if (fileProblem !== undefined)
    logger.warn(
      { file: config.fileLocation, reason: fileProblem },
      'Cannot write the log file, logging to the console only',
    );
  return logger;
}

/** Leaves lines out when there are too many of a kind, and says so as soon as there are not. */
function gated(root: () => Logger): NonNullable<NonNullable<pino.LoggerOptions['hooks']>['logMethod']> {
  const bounded = createBoundedLog({
    tell: (text, lines) => root().warn({ text, lines, windowMs }, 'Left out lines of one kind'),
  });
  return function (...[args, method, level]) {
    bounded.say(textOf(args), () => method.apply(this, args), mostOf(level));
  };
}

/** Lines of one text in a window, by pino's level: what happens anyway may happen often, what goes wrong is told by a few. */
function mostOf(level: number): number {
  if (level >= rank('warn')) return 200;
  return level >= rank('info') ? 2_000 : 500;
}

function textOf(args: readonly unknown[]): string {
  const [first, second] = args;
  return typeof first === 'string' ? first : String(second);
}

function addFile(
  config: Config['logger'],
  targets: { readonly level: Level; readonly stream: { write(line: string): void } }[],
): string | undefined {
  try {
    const file = openLogFile(config.fileLocation);
    const write = (line: string): void => file.write(config.fileJson ? line : textLine(line, false));
    targets.push({ level: levels[config.fileLevel], stream: { write } });
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (!config.enableConsole) throw new Error(`logger.file_location: ${reason}`, { cause: error });
    return reason;
  }
}

function consoleStream(isJson: boolean, hasColor: boolean): { write(line: string): void } {
  const out = pino.destination({ fd: 1, sync: true });
  return { write: (line) => void out.write(isJson ? line : textLine(line, hasColor)) };
}

function rank(level: Level): number {
  return pino.levels.values[level] ?? 0;
}
