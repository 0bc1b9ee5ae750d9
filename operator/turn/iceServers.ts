/** What clients and Mattermost are told of the TURN servers. */
import type { TurnServer } from '../api/turnserver.ts';

/**
 * The URIs of RFC 7065, the cheapest transport first; a client that finds UDP blocked goes on with the next. `hosts`
 * are the addresses of the published pods, or of the load balancer, and stand in for a missing `network.serverName`. TURN over DTLS is
 * not among them, because no browser has it and some refuse the whole list with it.
 */
export function turnUris({ network, tls }: TurnServer['spec'], hosts: readonly string[]): string[] {
  const { ports, serverName } = network;
  const encrypted = tls.mode !== 'Disabled';
  const told = serverName === undefined ? hosts.toSorted() : [serverName];
  const forms = [
    { scheme: 'turn', port: ports.udp, transport: 'udp', isServed: true },
    { scheme: 'turn', port: ports.tcp, transport: 'tcp', isServed: true },
    { scheme: 'turns', port: ports.tls, transport: 'tcp', isServed: encrypted },
  ].filter(({ port, isServed }) => port > 0 && isServed);
  return forms.flatMap(({ scheme, port, transport }) =>
    told.map((host) => `${scheme}:${bracketed(host)}:${port}?transport=${transport}`),
  );
}

/** RFC 3986, 3.2.2: without brackets nobody could tell the address from the port, and browsers refuse the whole list. */
function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** For the setting ICEServersConfigs of the Calls plugin, which makes credentials where an entry has none. */
export function iceServersJson(uris: readonly string[]): string {
  return JSON.stringify(uris.length === 0 ? [] : [{ urls: uris }]);
}

/** See `turnVariables`. */
export const turnVariableNames = [
  'MM_CALLS_ICE_SERVERS_CONFIGS',
  'MM_CALLS_TURN_STATIC_AUTH_SECRET',
  'MM_CALLS_TURN_CREDENTIALS_EXPIRATION_MINUTES',
] as const;

/**
 * The variables that the Calls plugin reads instead of its settings: the servers, the secret that it makes
 * credentials with, and for how many minutes each is good.
 */
export function turnVariables(
  spec: TurnServer['spec'],
  told: { readonly secret: string; readonly uris: readonly string[] },
): Record<(typeof turnVariableNames)[number], string> {
  return {
    MM_CALLS_ICE_SERVERS_CONFIGS: iceServersJson(told.uris),
    MM_CALLS_TURN_STATIC_AUTH_SECRET: told.secret,
    MM_CALLS_TURN_CREDENTIALS_EXPIRATION_MINUTES: String(spec.auth.credentialTTLSeconds / 60),
  };
}
