/** Keeps the advertised addresses up to date: reads the address file and resolves the override's hostname. */
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { addressRules, type AddressFacts, type KnownAddresses } from '../config/addresses.ts';
import { type StunServer, stunServers } from '../config/stunServer.ts';
import { poll } from './poll.ts';
import { discoverPublicAddresses } from './publicAddress.ts';

/** What is known about our addresses now. */
export interface AddressSource {
  known(): KnownAddresses;
  /** Local → public address, as STUN servers saw it; undefined while none was asked. */
  seen(): ReadonlyMap<string, string> | undefined;
  close(): void;
}

/** What it is made of. */
export interface AddressSourceOptions {
  readonly rtc: Config['rtc'];
  /** Addresses that media is bound to. */
  readonly bound: readonly string[];
  readonly log: Logger;
  /** Default 2,000. */
  readonly intervalMs?: number;
  /** How often STUN servers are asked again where an address file says what clients are told. Default 60,000. */
  readonly stunIntervalMs?: number;
}

/** Reads once before it resolves, then again and again while there is something that can change. */
export async function createAddressSource(options: AddressSourceOptions): Promise<AddressSource> {
  const { rtc, bound, log, intervalMs = 2_000 } = options;
  let known: KnownAddresses = { ok: false, reason: 'addresses were not read yet' };
  const hostname = hostnameOf(rtc);
  const outside = await lookFromOutside(options);
  const read = async (): Promise<void> => {
    const discovered = outside.seen() ?? new Map<string, string>();
    const next = addressRules(rtc, {
      bound,
      discovered,
      ...(await observe(rtc.addressFile, hostname, bound)),
    });
    if (JSON.stringify(next) === JSON.stringify(known)) return;
    known = next;
    if (next.ok) log.info({ rules: next.rules }, 'Changed advertised addresses');
    else log.warn({ reason: next.reason }, 'Waiting for an address');
  };
  await read();
  const canChange = rtc.addressFile !== '' || hostname !== undefined;
  const onError = (error: unknown): void =>
    log.error({ err: error }, 'Cannot read addresses, those known stay');
  const stop = canChange ? poll(read, intervalMs, onError) : () => undefined;
  return {
    known: () => known,
    seen: outside.seen,
    close() {
      stop();
      outside.close();
    },
  };
}

function hostnameOf(rtc: Config['rtc']): string | undefined {
  const host = rtc.iceHostOverride;
  const isName = host !== '' && !host.includes('/') && isIP(host) === 0;
  return isName && rtc.addressFile === '' ? host : undefined;
}

type View = Pick<AddressSource, 'seen' | 'close'>;

/** Once, as rtcd does, before anything else; where it is only to be told, meanwhile and again and again. */
async function lookFromOutside(options: AddressSourceOptions): Promise<View> {
  const servers = stunServers(options.rtc);
  let seen: ReadonlyMap<string, string> | undefined;
  if (servers.length === 0) return { seen: () => seen, close: () => undefined };
  const look = async (): Promise<void> => {
    const isRepeated = seen !== undefined;
    const found = await ask(servers, { ...options, isRepeated });
    // A server that is down says nothing about our address.
    if (isRepeated && (found.size === 0 || isDeepStrictEqual(found, seen))) return;
    if (isRepeated) options.log.warn({ addresses: Object.fromEntries(found) }, 'Public address changed');
    seen = found;
  };
  if (options.rtc.addressFile === '') {
    await look();
    return { seen: () => seen, close: () => undefined };
  }
  const onError = (error: unknown): void => options.log.error({ err: error }, 'Cannot ask STUN servers');
  look().catch(onError);
  return { seen: () => seen, close: poll(look, options.stunIntervalMs ?? 60_000, onError) };
}

/** What the first that answers says. */
async function ask(
  servers: readonly StunServer[],
  { bound, log, isRepeated }: AddressSourceOptions & { readonly isRepeated: boolean },
): Promise<ReadonlyMap<string, string>> {
  for (const server of servers) {
    const found = await discoverPublicAddresses({ server, locals: bound, log, isRepeated });
    if (found.size > 0) return found;
  }
  return new Map();
}

async function observe(
  file: string,
  hostname: string | undefined,
  bound: readonly string[],
): Promise<Pick<AddressFacts, 'fileText' | 'resolvedHost'>> {
  const fileText = file === '' ? undefined : await readFile(file, 'utf8').catch(() => undefined);
  return { fileText, resolvedHost: hostname === undefined ? undefined : await resolveFor(hostname, bound) };
}

/** An address of a family that media is bound to, IPv4 first: one of the other would stand for none of ours. */
async function resolveFor(hostname: string, bound: readonly string[]): Promise<string | undefined> {
  const families = ([4, 6] as const).filter((family) => bound.some((address) => isIP(address) === family));
  for (const family of families) {
    const found = await lookup(hostname, { family }).catch(() => undefined);
    if (found !== undefined) return found.address;
  }
  return undefined;
}
