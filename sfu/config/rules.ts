/** What no single key can tell: one small judge per rule, each names the fix. */
import { overrideProblem, portOverrideProblem } from './override.ts';
import { parseListenAddress } from './listenAddress.ts';
import { rangeProblem } from './ports.ts';
import type { Config } from './schema.ts';

type Rule = (config: Config) => string | undefined;

const rules: readonly Rule[] = [
  ({ api: { security } }) =>
    security.enableAdmin && security.adminSecretKey === ''
      ? 'api.security.admin_secret_key: needed because api.security.enable_admin is true'
      : undefined,
  ({ api: { http } }) =>
    http.tls.enable && (http.tls.certFile === '' || http.tls.certKey === '')
      ? 'api.http.tls: cert_file and cert_key are needed because api.http.tls.enable is true'
      : undefined,
  ({ logger }) =>
    logger.enableConsole || logger.enableFile
      ? undefined
      : 'logger: enable_console or enable_file must be true, or nobody learns what happens',
  ({ logger }) =>
    logger.enableFile && logger.fileLocation === ''
      ? 'logger.file_location: needed because logger.enable_file is true'
      : undefined,
  ({ store }) => (store.dataSource === '' ? 'store.data_source: must name a directory' : undefined),
  ({ api, rtc }) => {
    const port = parseListenAddress(api.http.listenAddress)?.port ?? 0;
    return port >= rtc.icePortTcp && port < rtc.icePortTcp + rtc.workers
      ? `api.http.listen_address: port ${port} is also a media port over TCP (rtc.ice_port_tcp and rtc.workers), choose another`
      : undefined;
  },
  rangeProblem,
  ({ rtc }) => addressesProblem('rtc.ice_address_udp', rtc.iceAddressUdp),
  ({ rtc }) => addressesProblem('rtc.ice_address_tcp', rtc.iceAddressTcp),
  ({ rtc }) => overrideProblem(rtc.iceHostOverride),
  ({ rtc }) => portOverrideProblem(rtc.iceHostPortOverride),
  ({ rtc }) => mixedServersProblem(rtc.iceServers),
  ({ rtc: { turn } }) =>
    turn.staticAuthSecret !== '' &&
    (turn.credentialsExpirationMinutes < 1 || turn.credentialsExpirationMinutes > 10_079)
      ? 'rtc.turn.credentials_expiration_minutes: must be 1 to 10079 because rtc.turn.static_auth_secret is set'
      : undefined,
];

/** Every rule that the configuration breaks. */
export function rulesBroken(config: Config): string[] {
  return rules.map((rule) => rule(config)).filter((problem) => problem !== undefined);
}

function addressesProblem(key: string, list: string): string | undefined {
  const wrong = list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '' && !/^[\d.]+$|:/.test(item));
  return wrong.length === 0 ? undefined : `${key}: ${wrong.join(', ')} is not an IP address of this machine`;
}

function mixedServersProblem(servers: Config['rtc']['iceServers']): string | undefined {
  const isMixed = servers.some(({ urls }) => new Set(urls.map((url) => url.startsWith('stun'))).size > 1);
  return isMixed ? 'rtc.ice_servers: one entry has either stun: or turn: URLs, not both' : undefined;
}
