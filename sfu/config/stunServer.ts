/** Pure: whom to ask for our public address (wire spec 6). */
import { isIP } from 'node:net';
import type { Config } from './schema.ts';

/** A STUN server over UDP. */
export interface StunServer {
  /** As configured. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/**
 * The first URL of the first entry with `stun:`, as rtcd asks it, where no override says what clients are told. With
 * an address file all of them, until one answers: what is seen is only told in `/stats`, for whoever writes the file.
 */
export function stunServers({ addressFile, iceHostOverride, iceServers }: Config['rtc']): StunServer[] {
  const urls = iceServers.flatMap((server) => server.urls.filter((url) => url.startsWith('stun:')));
  if (addressFile !== '') return urls.flatMap((url) => parse(url) ?? []);
  return iceHostOverride === '' ? urls.slice(0, 1).flatMap((url) => parse(url) ?? []) : [];
}

/** RFC 7064: host, perhaps in brackets, and perhaps a port; 3478 is STUN's own. */
function parse(url: string): StunServer | undefined {
  const match = /^stun:(?:\[([^\]]+)\]|([^:?]+))(?::(\d{1,5}))?$/.exec(url);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || (match?.[1] !== undefined && isIP(host) !== 6)) return undefined;
  return { url, host, port: Number(match?.[3] ?? 3478) };
}
