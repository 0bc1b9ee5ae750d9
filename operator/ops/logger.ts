/** Logs as data: one JSON line each on stdout, values never inside the text. */
import { pino } from 'pino';

/** What the runtime needs of a logger; pino's own fits. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger that adds these fields to each line. */
  child(fields: Record<string, unknown>): Log;
}

/** Levels as pino names them. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Wherever one of these stands in a log line, its value does not get out. */
const secretFields = ['authKey', 'adminKey', 'token', 'password', 'authorization', 'stringData'];

/** @param stream where lines go; default stdout */
export function createLogger(
  options: { readonly level?: LogLevel } = {},
  stream?: { write(line: string): void },
): Log {
  const settings = {
    level: options.level ?? 'info',
    // Not `name`: that is the object a line is about.
    base: { program: 'rtc-operator' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: '[secret]',
    },
  };
  return stream === undefined ? pino(settings) : pino(settings, stream);
}

/** Says nothing: for tests and tools. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};
