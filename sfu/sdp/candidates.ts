/** Which addresses a client is told: from what the media ports are bound to and what the owner says about them. */

/** A socket that media is received on. */
export interface BoundAddress {
  readonly protocol: 'udp' | 'tcp';
  /** Local IPv4 or IPv6 address. */
  readonly address: string;
  readonly port: number;
}

/** An address as said to clients; `port` null = the port that is bound. */
export interface AdvertisedAddress {
  readonly address: string;
  readonly port: number | null;
}

/**
 * How local addresses become advertised ones.
 * - `local`: as they are bound.
 * - `single`: one external address in place of every non-loopback local one of its family (rtcd's `ice_host_override`, wire spec 7.1).
 * - `map`: an external address for each internal one; a local address that is not in it stays as it is.
 * - `list`: exactly these, whatever is bound (the pod's address list); the first is the public one.
 * `port` of `single` and `map` is `ice_host_port_override` (wire spec 7.2); null = the port that is bound.
 */
export type AddressRules = AddressRule & {
  /**
   * With several workers: the first media ports. Worker i, on first port + i, is
   * then reached on advertised port + i. Absent: an advertised port stands as it is.
   */
  readonly firstPorts?: { readonly udp: number; readonly tcp: number };
};

type AddressRule =
  | { readonly kind: 'local' }
  | { readonly kind: 'single'; readonly external: string; readonly port: number | null }
  | {
      readonly kind: 'map';
      readonly pairs: readonly { readonly external: string; readonly internal: string }[];
      readonly port: number | null;
    }
  | { readonly kind: 'list'; readonly addresses: readonly AdvertisedAddress[] };

/** The addresses for clients, best first, without duplicates. Loopback is left out unless nothing else is there. */
export function advertise(bound: readonly BoundAddress[], rules: AddressRules): BoundAddress[] {
  const all = rules.kind === 'list' ? listed(bound, rules) : bound.map((one) => mapped(one, bound, rules));
  const reachable = all.filter((one) => !isLoopback(one.address));
  return unique(reachable.length > 0 ? reachable : all);
}

/** `a=candidate` values (RFC 8839 5.1, RFC 6544 4.5), in the given order of preference: UDP before TCP. */
export function candidateLines(addresses: readonly BoundAddress[]): string[] {
  return addresses.map(({ protocol, address, port }, index) => {
    const foundation = `${protocol}${index}`;
    const line = `candidate:${foundation} 1 ${protocol} ${priority(protocol, index)} ${address} ${port} typ host`;
    return protocol === 'tcp' ? `${line} tcptype passive` : line;
  });
}

function listed(
  bound: readonly BoundAddress[],
  { addresses, firstPorts }: Extract<AddressRules, { readonly kind: 'list' }>,
): BoundAddress[] {
  const sockets = unique(bound.map(({ protocol, port }) => ({ protocol, port, address: '' })));
  return addresses.flatMap(({ address, port }) =>
    sockets.map((socket) => ({ ...socket, address, port: portOf(socket, port, firstPorts) })),
  );
}

function mapped(
  one: BoundAddress,
  bound: readonly BoundAddress[],
  rules: Exclude<AddressRules, { readonly kind: 'list' }>,
): BoundAddress {
  if (rules.kind === 'local') return one;
  const external =
    rules.kind === 'single' ? overrideOf(one, bound, rules.external) : pairOf(one, rules.pairs);
  return external === undefined
    ? one
    : { ...one, address: external, port: portOf(one, rules.port, rules.firstPorts) };
}

function portOf(one: BoundAddress, port: number | null, firstPorts: AddressRules['firstPorts']): number {
  if (port === null) return one.port;
  return firstPorts === undefined ? port : port + one.port - firstPorts[one.protocol];
}

function overrideOf(one: BoundAddress, bound: readonly BoundAddress[], external: string): string | undefined {
  const isOnlyAddress = bound.every((other) => other.address === one.address);
  const isSameFamily = one.address.includes(':') === external.includes(':');
  return isSameFamily && (isOnlyAddress || !isLoopback(one.address)) ? external : undefined;
}

function pairOf(
  one: BoundAddress,
  pairs: readonly { readonly external: string; readonly internal: string }[],
): string | undefined {
  return pairs.find((pair) => pair.internal === one.address)?.external;
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

function unique(addresses: readonly BoundAddress[]): BoundAddress[] {
  const byKey = new Map(addresses.map((one) => [`${one.protocol} ${one.address} ${one.port}`, one]));
  return [...byKey.values()];
}

/** RFC 8445 5.1.2.1: type preference 126 for UDP, 90 for TCP, local preference falls with the place in the list. */
function priority(protocol: 'udp' | 'tcp', index: number): number {
  const typePreference = protocol === 'udp' ? 126 : 90;
  return typePreference * 2 ** 24 + (65_535 - index) * 2 ** 8 + 255;
}
