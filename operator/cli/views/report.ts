/** PURE: everything that was gathered → the files of a report, without a secret in any of them. */
import { isIPv6 } from 'node:net';
import { stringify } from 'yaml';
import type { KubeObject } from '../../kube/api.ts';
import { trimMetadata } from '../../kube/trim.ts';
import { withoutValues } from '../../record/redact.ts';

/** What a report is made of. */
export interface ReportInput {
  /** Kubernetes objects by kind of file, such as `pods`. */
  readonly objects: Readonly<Record<string, readonly KubeObject[]>>;
  /** Whose values are taken out of all texts: those of the whole namespace. */
  readonly secrets: readonly KubeObject[];
  /** What is text already: records, findings, logs, by path. */
  readonly texts: Readonly<Record<string, string>>;
  /** Why something is missing, one line each. */
  readonly gaps: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  /** Whether IP addresses are replaced, the same one by the same name everywhere. */
  readonly masksAddresses: boolean;
}

/** By path. */
export function reportFiles(input: ReportInput): Readonly<Record<string, string>> {
  const { objects, texts, gaps, versions } = input;
  const lists = Object.entries(objects).map(([name, all]): readonly [string, string] => [
    `${name}.yaml`,
    all.map((object) => `---\n${stringify(harmless(object))}`).join(''),
  ]);
  const all = Object.entries({
    'versions.yaml': stringify(versions),
    ...Object.fromEntries(lists),
    ...texts,
    ...(gaps.length > 0 && { 'missing.txt': `${gaps.join('\n')}\n` }),
  });
  const secrets = secretTexts(input.secrets);
  const mask = input.masksAddresses ? addressMask() : (text: string): string => text;
  return Object.fromEntries(all.map(([path, text]) => [path, mask(scrubbed(text, secrets))]));
}

/** What nobody needs and what may be a secret: managed fields, values of Secrets, and of variables named like one. */
function harmless(object: KubeObject): unknown {
  const whole = withoutValues(trimMetadata(object));
  return JSON.parse(
    JSON.stringify(whole, (key, value: unknown) => (key === 'env' ? variables(value) : value)),
  );
}

interface Variable {
  readonly name: string;
  readonly value?: string;
}

const telling = /key|secret|token|passw|credential/i;

function variables(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return (value as Variable[]).map((one) =>
    one.value !== undefined && telling.test(one.name) ? { ...one, value: 'redacted' } : one,
  );
}

/** Shorter ones stand everywhere by chance, such as a client's name. */
const shortest = 12;

/** Values of Secrets in every form that a log may quote; those that are public by themselves (certificates, URLs) stay. */
function secretTexts(secrets: readonly KubeObject[]): readonly string[] {
  const values = secrets
    .flatMap((secret) => Object.entries((secret['data'] ?? {}) as Record<string, string>))
    .filter(([key]) => key !== 'tls.crt' && key !== 'ca.crt' && !key.endsWith('_URL'))
    .flatMap(([, value]) => [value, ...formsOf(Buffer.from(value, 'base64').toString())])
    .filter((value) => value.length >= shortest);
  return [...new Set(values)].toSorted((a, b) => b.length - a.length);
}

/** As it is, as JSON has it, and line by line. */
function formsOf(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('-----'));
  return [text, JSON.stringify(text).slice(1, -1), ...lines];
}

/** A log may quote what it must not; what is known to be secret is taken out wherever it stands. */
function scrubbed(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, 'redacted'), text);
}

const ipv4 = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g;
/** As clouds write an address into the name of a node: `ip-10-0-0-1`. */
const dashed = /(?<![\w])(?<before>(?:[a-z]+-)?)(?<numbers>(?:\d{1,3}-){3}\d{1,3})(?![\w-])/g;
/** Anything that might be one: at least two colons; which are, isIPv6 knows. */
const maybeIpv6 =
  /(?<![\w:.])[\da-fA-F]{0,4}:(?:[\da-fA-F]{0,4}:)+(?:(?:\d{1,3}\.){3}\d{1,3}|[\da-fA-F]{0,4})(?![\w:])/g;

/** Loopback and the unspecified address say nothing about anybody. */
const isNobodys = (address: string): boolean =>
  address.startsWith('127.') || ['0.0.0.0', '::', '::1'].includes(address);

/** The same one by the same name, also where it stands in the name of a node. */
function addressMask(): (text: string) => string {
  const known = new Map<string, string>();
  const nameOf = (address: string): string => {
    if (isNobodys(address)) return address;
    const name = known.get(address) ?? `address-${known.size + 1}`;
    known.set(address, name);
    return name;
  };
  return (text) =>
    text
      .replaceAll(maybeIpv6, (found) => (isIPv6(found) ? nameOf(found) : found))
      .replaceAll(ipv4, nameOf)
      .replaceAll(
        dashed,
        (_, before: string, numbers: string) => `${before}${nameOf(numbers.replaceAll('-', '.'))}`,
      );
}
