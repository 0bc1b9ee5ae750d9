/** PURE: the binding Secret → the TURN servers that clients are given, and the secret that credentials are made with. */
import type { ServerAddress } from '../../facts/turn/transport.ts';

/** See the file comment; empty where the Secret has none. */
export interface TurnBinding {
  readonly servers: readonly { readonly uri: string; readonly server: ServerAddress }[];
  readonly secret: string;
}

/** `data` is base64, as stored. */
export function turnServersIn(data: Readonly<Record<string, string>>): TurnBinding {
  const text = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString();
  const configs = listIn(text('MM_CALLS_ICE_SERVERS_CONFIGS'));
  const uris = configs.flatMap(({ urls }) => urls ?? []);
  return {
    servers: uris.flatMap((uri) => serverIn(uri) ?? []),
    secret: text('MM_CALLS_TURN_STATIC_AUTH_SECRET'),
  };
}

function listIn(text: string): readonly { readonly urls?: readonly string[] }[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? (parsed as { urls?: string[] }[]) : [];
  } catch {
    return [];
  }
}

const turnUri = /^(turns?):(\[[^\]]+\]|[^:?]+):(\d+)(?:\?transport=(udp|tcp))?$/;

/** RFC 7065. */
function serverIn(uri: string): TurnBinding['servers'][number] | undefined {
  const [, scheme, host = '', port, transport = 'udp'] = turnUri.exec(uri) ?? [];
  if (scheme === undefined) return undefined;
  const address = { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
  if (scheme === 'turns') return { uri, server: { ...address, transport: 'tls', serverName: address.host } };
  return { uri, server: { ...address, transport: transport === 'tcp' ? 'tcp' : 'udp' } };
}
