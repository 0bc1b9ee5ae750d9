/** Pure: which local addresses media is bound to, and what clients are told about them (wire spec 7.1, 7.2). */
import { isIP } from 'node:net';
import type { AddressRules, AdvertisedAddress } from '../sdp/candidates.ts';
import { parseListenAddress } from './listenAddress.ts';
import { hostMap, portMap } from './override.ts';
import type { Config } from './schema.ts';

/** One address of the machine, as `os.networkInterfaces()` names it. */
export interface LocalAddress {
  readonly address: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly internal: boolean;
}

/** The addresses that a list in the configuration names; empty list = all of the machine that clients can use. */
export function listenAddresses(
  list: string,
  local: readonly LocalAddress[],
  isIpv6Enabled: boolean,
): readonly string[] {
  const named = splitList(list);
  if (named.length > 0) return named;
  const usable = local.filter(({ address, family }) =>
    family === 'IPv4' ? true : isIpv6Enabled && !/^fe80:/i.test(address),
  );
  const reachable = usable.filter(({ internal }) => !internal);
  const chosen = reachable.length > 0 ? reachable : usable.filter(({ family }) => family === 'IPv4');
  return [...new Set(chosen.map(({ address }) => address))];
}

/** What is known about the advertised addresses at this moment. */
export interface AddressFacts {
  /** Content of `rtc.address_file`; undefined when the key is not set or the file is not there. */
  readonly fileText: string | undefined;
  /** What the hostname in `rtc.ice_host_override` resolves to; undefined while it does not. */
  readonly resolvedHost: string | undefined;
  /** The addresses that media is bound to. */
  readonly bound: readonly string[];
  /** Local → public address, as a STUN server saw it. Default: none was asked. */
  readonly discovered?: ReadonlyMap<string, string>;
}

/** The rules, or what they wait for. */
export type KnownAddresses =
  { readonly ok: true; readonly rules: AddressRules } | { readonly ok: false; readonly reason: string };

/** The address file decides alone where it is configured; else the override keys of rtcd. */
export function addressRules(rtc: Config['rtc'], facts: AddressFacts): KnownAddresses {
  const known = rulesFor(rtc, facts);
  if (!known.ok || rtc.workers === 1) return known;
  return { ok: true, rules: { ...known.rules, firstPorts: { udp: rtc.icePortUdp, tcp: rtc.icePortTcp } } };
}

function rulesFor(rtc: Config['rtc'], facts: AddressFacts): KnownAddresses {
  if (rtc.addressFile !== '') return fromFile(rtc.addressFile, facts.fileText);
  const port = overridePort(rtc.iceHostPortOverride, facts.bound);
  const map = rtc.iceHostOverride === '' ? facts.discovered : hostMap(rtc.iceHostOverride);
  if (map !== undefined && map.size > 0) {
    const pairs = [...map].map(([internal, external]) => ({ external, internal }));
    return { ok: true, rules: { kind: 'map', pairs, port } };
  }
  if (rtc.iceHostOverride === '') return { ok: true, rules: { kind: 'local' } };
  const external = isIP(rtc.iceHostOverride) === 0 ? facts.resolvedHost : rtc.iceHostOverride;
  return external === undefined
    ? { ok: false, reason: `rtc.ice_host_override: waiting for ${rtc.iceHostOverride} to resolve` }
    : { ok: true, rules: { kind: 'single', external, port } };
}

function fromFile(path: string, text: string | undefined): KnownAddresses {
  const items = splitList(text ?? '');
  if (items.length === 0) return { ok: false, reason: `waiting for an address in ${path}` };
  const addresses = items.map(advertised);
  const wrong = items.filter((_, index) => addresses[index] === undefined);
  if (wrong.length > 0) return { ok: false, reason: `${path}: ${wrong.join(', ')} is no IP address` };
  return { ok: true, rules: { kind: 'list', addresses: addresses.filter((one) => one !== undefined) } };
}

function advertised(item: string): AdvertisedAddress | undefined {
  if (isIP(item) !== 0) return { address: item, port: null };
  const parsed = parseListenAddress(item);
  return parsed !== undefined && isIP(parsed.host) !== 0
    ? { address: parsed.host, port: parsed.port }
    : undefined;
}

/** A map selects by the first local address that it names. */
function overridePort(override: string, bound: readonly string[]): number | null {
  const map = portMap(override);
  if (map === undefined) return override === '' ? null : Number(override);
  const selected = bound.find((address) => map.has(address));
  return selected === undefined ? null : (map.get(selected) ?? null);
}

function splitList(list: string): string[] {
  return list
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
