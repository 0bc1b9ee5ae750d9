/** Keeps the advertised addresses up to date: reads the address file and resolves the override's hostname. */
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { addressRules, type AddressFacts, type KnownAddresses } from '../config/addresses.ts';
import { stunServer } from '../config/stunServer.ts';
import { poll } from './poll.ts';
import { discoverPublicAddresses } from './publicAddress.ts';

/** What is known about our addresses now. */
export interface AddressSource {
  known(): KnownAddresses;
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
}

/** Reads once before it resolves, then again and again while there is something that can change. */
export async function createAddressSource(options: AddressSourceOptions): Promise<AddressSource> {
  const { rtc, bound, log, intervalMs = 2_000 } = options;
  let known: KnownAddresses = { ok: false, reason: 'addresses were not read yet' };
  const hostname = hostnameOf(rtc);
  const discovered = await discover(options);
  const read = async (): Promise<void> => {
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
  return { known: () => known, close: canChange ? poll(read, intervalMs, onError) : () => undefined };
}

function hostnameOf(rtc: Config['rtc']): string | undefined {
  const host = rtc.iceHostOverride;
  const isName = host !== '' && !host.includes('/') && isIP(host) === 0;
  return isName && rtc.addressFile === '' ? host : undefined;
}

/** Once, as rtcd does: what it finds takes part in every later reading. */
function discover({ rtc, bound, log }: AddressSourceOptions): Promise<ReadonlyMap<string, string>> {
  const server = stunServer(rtc);
  return server === undefined
    ? Promise.resolve(new Map())
    : discoverPublicAddresses({ server, locals: bound, log });
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
