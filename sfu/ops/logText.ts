/** Pure: one JSON log line → one line for people. */

const names: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO ',
  40: 'WARN ',
  50: 'ERROR',
  60: 'FATAL',
};

const colors: Readonly<Record<number, number>> = { 10: 90, 20: 90, 30: 32, 40: 33, 50: 31, 60: 35 };

/** `2026-11-23T10:00:00.000Z INFO  Closed session callID=c1 sessionID=s1`. A line that is no JSON stays as it is. */
export function textLine(json: string, hasColor: boolean): string {
  const record = parse(json);
  if (record === undefined) return json;
  const { level, time, msg, err, ...fields } = record;
  const name = names[Number(level)] ?? 'INFO ';
  const shown = hasColor ? `\u001B[${colors[Number(level)] ?? 0}m${name}\u001B[0m` : name;
  const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${valueText(value)}`);
  return `${asText(time)} ${shown} ${asText(msg)}${pairs.join('')}${errorText(err)}\n`;
}

function parse(json: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function valueText(value: unknown): string {
  const isPlain = typeof value === 'string' && /^[^\s"=]+$/.test(value);
  return isPlain ? value : JSON.stringify(value);
}

function errorText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { message, stack } = error as { readonly message?: unknown; readonly stack?: unknown };
  return typeof stack === 'string' ? `\n${stack}` : ` error=${valueText(asText(message))}`;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
