/** What is mounted → what coturn is to have: its file, its secrets, its peers. Pure. */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { turnserverConf, type CoturnFiles } from '../desired/turn/config.ts';
import { settingsSchema, type AgentSettings } from '../desired/turn/settings.ts';
import type { Mounted } from './mounted.ts';
import { peerRows } from './peerRows.ts';

/** See the file comment. */
export interface Wanted {
  readonly settings?: AgentSettings;
  /** `turnserver.conf`; absent while something that must be in it is missing. */
  readonly conf?: string;
  /** Why coturn cannot start yet, and what to do about it. */
  readonly waitsFor?: string;
  /** The first is what credentials are made with now. Absent: leave those that are there. */
  readonly secrets?: readonly string[];
  /** Rows of allowed peers. Absent: leave those that are there. */
  readonly peers?: readonly string[];
  /** SHA-256 of the mounted certificate as `X509Certificate` writes it; absent without a usable pair. */
  readonly fingerprint?: string;
  /** What is wrong with the files, without what is in them. */
  readonly problems: readonly string[];
}

/** Where the pod is. */
export interface Place {
  /** Of the pod. */
  readonly addresses: readonly string[];
  readonly files: CoturnFiles;
}

/** See the file comment. */
export function wantedOf(mounted: Mounted, place: Place): Wanted {
  const settings = settingsIn(mounted.settings);
  if (typeof settings === 'string') return { waitsFor: settings, problems: [settings] };
  const pair = isEncrypted(settings) ? pairIn(mounted) : {};
  const secrets = secretsIn(mounted);
  const { rows, problems } = peersIn(mounted);
  const waitsFor = addressMissing(settings, mounted) ?? secrets.missing ?? pair.problem;
  return {
    settings,
    ...(waitsFor === undefined
      ? { conf: turnserverConf(settings, podAddresses(settings, mounted, place), place.files) }
      : { waitsFor }),
    ...(secrets.missing === undefined && { secrets: secrets.values }),
    ...(rows && { peers: rows }),
    ...(pair.fingerprint !== undefined && { fingerprint: pair.fingerprint }),
    problems: [...secrets.problems, ...problems, ...(pair.problem === undefined ? [] : [pair.problem])],
  };
}

function isEncrypted({ ports }: AgentSettings): boolean {
  return ports.tls !== undefined || ports.dtls !== undefined;
}

/** A ConfigMap that is not there says nothing about peers. */
function peersIn({ peers }: Mounted): { rows?: readonly string[]; problems: readonly string[] } {
  return peers === undefined ? { problems: [] } : peerRows(peers);
}

function settingsIn(text: string | undefined): AgentSettings | string {
  if (text === undefined) return 'agent.json: is not mounted: is the ConfigMap <name>-turn there?';
  try {
    const result = settingsSchema.safeParse(JSON.parse(text));
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    return `agent.json: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}: agent and operator must be of one version`;
  } catch {
    return 'agent.json: is no JSON: the operator writes the ConfigMap <name>-turn anew when it is deleted';
  }
}

interface Secrets {
  readonly values: readonly string[];
  readonly missing?: string;
  readonly problems: readonly string[];
}

/** Without `secret` nothing is touched: a Secret that somebody deleted must not turn every caller away. */
function secretsIn({ secret, next, previous }: Mounted): Secrets {
  if (secret === undefined || secret === '') {
    const missing = 'secret: the Secret of auth.secretName has no key "secret": add it, or delete the Secret';
    return { values: [], missing, problems: [missing] };
  }
  const given = Object.entries({ secret, next, previous }).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [{ key, value }],
  );
  return {
    values: [...new Set(given.map(({ value }) => value))],
    problems: given.flatMap(({ key, value }) => secretProblem(key, value)),
  };
}

function secretProblem(key: string, value: string): string[] {
  if (/^[\x21-\x7e]+$/.test(value)) return [];
  const advice = 'clients that read it otherwise are refused: write it without them';
  return [
    `${key}: the value in the Secret of auth.secretName has blanks, a line break or no ASCII: ${advice}`,
  ];
}

interface Pair {
  readonly fingerprint?: string;
  readonly problem?: string;
}

function pairIn({ certificate, privateKey }: Mounted): Pair {
  if (certificate === undefined || privateKey === undefined) {
    const file = certificate === undefined ? 'tls.crt' : 'tls.key';
    return { problem: `${file}: is not in the Secret of tls yet: see the condition CertificateReady` };
  }
  try {
    createSecureContext({ cert: certificate, key: privateKey });
    return { fingerprint: new X509Certificate(certificate).fingerprint256 };
  } catch (error) {
    const reason = (error as Error).message;
    return {
      problem: `tls.crt and tls.key cannot be used together, what was served before still is: ${reason}`,
    };
  }
}

function addressMissing({ isBehindAddress }: AgentSettings, { address }: Mounted): string | undefined {
  if (!isBehindAddress || (address ?? '').trim() !== '') return undefined;
  return 'address: the annotation rtc.progressnet.gr/address of the pod is empty: see the condition AddressesResolved';
}

/** Each own address, and the first told one of its family where that is another. */
function podAddresses(
  { isBehindAddress }: AgentSettings,
  { address = '' }: Mounted,
  { addresses }: Place,
): { readonly own: readonly string[]; readonly mapped: readonly string[] } {
  const told = isBehindAddress ? address.split(',').map(withoutPort) : [];
  const mapped = addresses.flatMap((own) => {
    const external = told.find((one) => isIP(one) === isIP(own));
    return external === undefined || external === own ? [] : [`${external}/${own}`];
  });
  return { own: addresses, mapped };
}

/** Only IPv4 addresses are told with one. */
function withoutPort(entry: string): string {
  return entry.trim().replace(/^([\d.]+):\d+$/, '$1');
}
