/**
 * Pure: whether a request may come from our own page. Another site must neither read nor ask. Its scripts cannot read
 * the token, as nothing here allows other origins; a name of its own that it lets point to this machine is no loopback
 * name; and forms of it cannot send our header.
 */
import { timingSafeEqual } from 'node:crypto';

/** The part of a request that counts. */
export interface Asked {
  readonly method: string;
  readonly host: string;
  readonly origin: string | undefined;
  /** Of the header `x-page-token`. */
  readonly token: string;
}

/** A status of HTTP, and why. */
export interface Refusal {
  readonly httpStatus: number;
  readonly reason: string;
}

const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** To read needs a request from this machine's own page, or from no page. Undefined: it may. */
export function refusalToRead({ method, host, origin }: Omit<Asked, 'token'>): Refusal | undefined {
  if (!loopback.test(host)) return { httpStatus: 403, reason: 'This page is for this machine only' };
  if (origin !== undefined && origin !== `http://${host}`)
    return { httpStatus: 403, reason: `${origin} may not ask here` };
  return method === 'GET' ? undefined : { httpStatus: 405, reason: 'Only GET' };
}

/** To ask needs the page's origin and its token as well. */
export function refusalToAsk(asked: Asked, token: string): Refusal | undefined {
  const refusal = refusalToRead({ ...asked, method: 'GET' });
  if (refusal !== undefined) return refusal;
  if (asked.method !== 'POST') return { httpStatus: 405, reason: 'Only POST' };
  const given = Buffer.from(asked.token);
  const isOurs = given.length === token.length && timingSafeEqual(given, Buffer.from(token));
  if (asked.origin !== undefined && isOurs) return undefined;
  return { httpStatus: 403, reason: 'Load the page anew: its token is of an earlier start' };
}
