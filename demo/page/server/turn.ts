/** Pure: the TURN servers that the plugin tells clients of, and the credentials it makes for them. */
import { createHmac } from 'node:crypto';

/** As RTCIceServer of the browsers. */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** The variables `MM_CALLS_*` about TURN, as a Mattermost has read them when it started. */
export interface TurnWiring {
  readonly servers: readonly IceServer[];
  readonly secret: string;
  readonly ttlSeconds: number;
}

/** Undefined where Mattermost is told of no servers, or of no secret. */
export function turnWiringOf(
  variables: Readonly<Record<string, string | undefined>>,
): TurnWiring | undefined {
  const servers = JSON.parse(variables['MM_CALLS_ICE_SERVERS_CONFIGS'] ?? '[]') as IceServer[];
  const secret = variables['MM_CALLS_TURN_STATIC_AUTH_SECRET'];
  if (servers.length === 0 || secret === undefined) return undefined;
  const minutes = Number(variables['MM_CALLS_TURN_CREDENTIALS_EXPIRATION_MINUTES'] ?? 1440);
  return { servers, secret, ttlSeconds: minutes * 60 };
}

/** Who asks, and when, in Unix milliseconds. */
export interface TurnAsker {
  readonly user: string;
  readonly nowMs: number;
}

/** For one client: a server without credentials gets some that are good for `ttlSeconds` from now. */
export function iceServersFor(wiring: TurnWiring, asker: TurnAsker): IceServer[] {
  const made = credentialOf(wiring, asker);
  return wiring.servers.map((server) => (server.username === undefined ? { ...server, ...made } : server));
}

/** coturn's REST scheme: the name carries when it ends, the password proves it. */
function credentialOf(
  { secret, ttlSeconds }: TurnWiring,
  { user, nowMs }: TurnAsker,
): Required<Pick<IceServer, 'username' | 'credential'>> {
  const username = `${Math.floor(nowMs / 1000) + ttlSeconds}:${user}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
