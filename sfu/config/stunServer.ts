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
 * The first URL of the first entry with `stun:`, as rtcd asks it: only where
 * neither an override nor the address file says what clients are told.
 */
export function stunServer(rtc: Config['rtc']): StunServer | undefined {
  if (rtc.iceHostOverride !== '' || rtc.addressFile !== '') return undefined;
  const urls = rtc.iceServers.map((server) => server.urls.find((url) => url.startsWith('stun:')));
  const url = urls.find((one) => one !== undefined);
  return url === undefined ? undefined : parse(url);
}

/** RFC 7064: host, perhaps in brackets, and perhaps a port; 3478 is STUN's own. */
function parse(url: string): StunServer | undefined {
  const match = /^stun:(?:\[([^\]]+)\]|([^:?]+))(?::(\d{1,5}))?$/.exec(url);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || (match?.[1] !== undefined && isIP(host) !== 6)) return undefined;
  return { url, host, port: Number(match?.[3] ?? 3478) };
}
