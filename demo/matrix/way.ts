/** Pure: which way somebody's media takes, told and counted. */

/** How a client reaches its TURN server. */
export type RelayWay = 'udp' | 'tcp' | 'tls';

/** The local end of the pair of candidates that media flows over. */
export interface Way {
  /** `relay`, or one of the direct kinds of RFC 8445. */
  readonly kind: string;
  /** In the words of getStats. */
  readonly relayProtocol?: RelayWay;
  /** Of the TURN server. */
  readonly url?: string;
}

/** `relayed over UDP by turn:198.51.100.7:3478?transport=udp`, or `direct`. */
export function wayText(way: Way | undefined): string {
  if (way === undefined) return 'no path';
  if (way.kind !== 'relay') return 'direct';
  return `relayed over ${(way.relayProtocol ?? '').toUpperCase()} by ${way.url ?? 'an unknown server'}`;
}

/** How many go each way. */
export interface WayCounts {
  readonly direct: number;
  readonly relayed: number;
  readonly [way: string]: number;
}

/** Of those that have a way. */
export function countWays(ways: readonly (Way | undefined)[]): WayCounts {
  const known = ways.filter((way) => way !== undefined);
  const relayed = known.filter(({ kind }) => kind === 'relay').length;
  return { direct: known.length - relayed, relayed };
}
