/** The upgrade to a WebSocket by hand: what a library would hide. */
import { request } from 'node:http';

import type { ServerUnderTest } from './server.ts';

/** How the server answered. */
export interface UpgradeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const handshake = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** Asks for the upgrade; `headers` are added, and an undefined one is left out. */
export async function upgrade(
  server: ServerUnderTest,
  headers: Readonly<Record<string, string | undefined>>,
): Promise<UpgradeAnswer> {
  const all: Readonly<Record<string, string | undefined>> = { ...handshake, ...headers };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return await new Promise((resolve, reject) => {
    const sent = request(`${server.url}/ws`, { headers: Object.fromEntries(given), timeout: 10_000 });
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    sent.on('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    sent.on('error', reject);
    sent.end();
  });
}
