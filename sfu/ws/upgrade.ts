/** Pure: may this request become a WebSocket, and if not, what is it told (wire spec 2.1). */
import type { IncomingHttpHeaders } from 'node:http';

/** A refusal in plain text, as Go's WebSocket library writes it. */
export interface Refusal {
  readonly code: 400 | 403;
  readonly text: string;
}

/** Why a request with these headers is no acceptable upgrade; undefined when it is one. */
export function upgradeProblem(method: string, headers: IncomingHttpHeaders): Refusal | undefined {
  const isUpgrade = method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
  if (!isUpgrade || headers['sec-websocket-version'] !== '13') return { code: 400, text: 'Bad Request' };
  if (headers['sec-websocket-key'] === undefined) return { code: 400, text: 'Bad Request' };
  return isOwnOrigin(headers.origin, headers.host) ? undefined : { code: 403, text: 'Forbidden' };
}

/** Plugins send no Origin; a browser's must name this very host. */
function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host.toLowerCase() === host?.toLowerCase();
}
