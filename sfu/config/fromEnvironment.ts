/** `RTCD_*` variables → what they set. */
import { fields, type Field } from './fields.ts';
import { listenKey, type Given, type Source } from './given.ts';
import { iceServersFromText } from './iceServers.ts';
import { nearest } from './nearest.ts';

/** Aliases of the owner's guide. */
const parts = new Map<string, 'host' | 'port'>([
  ['RTCD_HTTP_SERVERADDRESS', 'host'],
  ['RTCD_HTTP_SERVERPORT', 'port'],
]);

/** Variables of rtcd outside its configuration, and why they change nothing here. */
const ignored = new Map([
  ['RTCD_RTC_DTLS_INSECURE_SKIP_HELLOVERIFY', 'the media worker does its own handshakes'],
  ['PERF_PROFILES', "there are no profiles of rtcd's kind here"],
]);

const byEnv = new Map(fields.map((field) => [field.env, field]));

/** Reads the variables; every other name is left alone, an unknown `RTCD_` name is a problem. */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Source {
  const source = { given: [] as Given[], problems: [] as string[], notes: [] as string[] };
  for (const [name, text] of Object.entries(env).sort(([a], [b]) => a.localeCompare(b)))
    if (text !== undefined) takeVariable(name, text, source);
  return source;
}

type Growing = { readonly given: Given[]; readonly problems: string[]; readonly notes: string[] };

function takeVariable(name: string, text: string, source: Growing): void {
  const field = byEnv.get(name);
  const part = parts.get(name);
  if (field !== undefined) takeField(field, text, source);
  else if (part !== undefined) {
    source.notes.push(`${name} is read as ${listenKey} (RTCD_API_HTTP_LISTENADDRESS)`);
    source.given.push({ key: listenKey, value: text, origin: { kind: 'environment', name }, part });
  } else if (ignored.has(name)) source.notes.push(`${name} changes nothing: ${ignored.get(name) ?? ''}`);
  else if (name.startsWith('RTCD_') && !isServiceLink(name, text))
    source.problems.push(
      `${name}: unknown variable, did you mean ${nearest(name, [...byEnv.keys()]) ?? 'another'}?`,
    );
}

/** Kubernetes adds `RTCD_SERVICE_HOST`, `RTCD_PORT=tcp://…` and the like for a Service named rtcd. */
function isServiceLink(name: string, text: string): boolean {
  return (
    /_SERVICE_(HOST|PORT)(_\w+)?$/.test(name) ||
    /_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name) ||
    (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(text))
  );
}

function takeField(field: Field, text: string, source: Growing): void {
  if (text.trim() === '' && field.kind !== 'string') return; // An empty variable is how compose files say "not set".
  try {
    const value = readers[field.kind](text);
    source.given.push({ key: field.key, value, origin: { kind: 'environment', name: field.env } });
  } catch (error) {
    source.problems.push(`${field.env}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const readers: Readonly<Record<Field['kind'], (text: string) => unknown>> = {
  string: (text) => text,
  level: (text) => text,
  iceServers: iceServersFromText,
  number: (text) => {
    if (!/^[+-]?\d+$/.test(text.trim())) throw new Error(`${JSON.stringify(text)} is not a whole number`);
    return Number(text);
  },
  boolean: (text) => {
    const value = truth.get(text.trim().toLowerCase());
    if (value === undefined) throw new Error(`${JSON.stringify(text)} is neither true nor false`);
    return value;
  },
};

/** As Go's `strconv.ParseBool` reads them. */
const truth = new Map([
  ...['1', 't', 'true'].map((word) => [word, true] as const),
  ...['0', 'f', 'false'].map((word) => [word, false] as const),
]);
