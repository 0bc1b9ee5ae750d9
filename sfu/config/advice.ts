/** Valid, but perhaps not what was meant: said by `--check-config` and at start. */
import { isDeepStrictEqual } from 'node:util';
import type { Understood } from './given.ts';
import type { Config } from './schema.ts';

/** What somebody who comes from stock rtcd, or who forgot something, should know. */
export function adviceFor(config: Config, understood: readonly Understood[]): string[] {
  return [
    ...portAdvice(understood),
    ...unusedAdvice(understood),
    ...clientAdvice(config),
    ...serverAdvice(config),
  ];
}

const stockPorts: Readonly<Record<string, string>> = {
  'api.http.listen_address': ':8045',
  'rtc.ice_port_udp': '8443',
  'rtc.ice_port_tcp': '8443',
};

/** A stock configuration without explicit ports means other ports here. */
function portAdvice(understood: readonly Understood[]): string[] {
  return understood
    .filter(({ field, origin }) => origin.kind === 'default' && stockPorts[field.key] !== undefined)
    .map(
      ({ field, value }) =>
        `${field.key} is ${String(value)} by default; stock rtcd uses ${stockPorts[field.key] ?? ''}`,
    );
}

function unusedAdvice(understood: readonly Understood[]): string[] {
  return understood
    .filter(({ field, value }) => field.unused !== undefined && !isDeepStrictEqual(value, field.preset))
    .map(({ field }) => `${field.key} changes nothing: ${field.unused ?? ''}`);
}

function clientAdvice({ api: { security }, store }: Config): string[] {
  const canRegister = security.allowSelfRegistration || security.enableAdmin || store.clientsDir !== '';
  return canRegister
    ? []
    : [
        'only clients that are already in store.data_source can connect: set api.security.allow_self_registration so that a plugin can register itself, api.security.enable_admin to register it by hand, or store.clients_dir',
      ];
}

function serverAdvice({ rtc }: Config): string[] {
  const urls = rtc.iceServers.flatMap((server) => server.urls);
  const turn = urls.filter((url) => url.startsWith('turn'));
  const secure = urls.filter((url) => url.startsWith('stuns:'));
  return [
    ...(turn.length === 0
      ? []
      : [
          `rtc.ice_servers: ${turn.join(', ')} changes nothing, for this server answers on its own addresses; clients get their ICE servers from the Calls plugin`,
        ]),
    ...(secure.length === 0 ? [] : [`rtc.ice_servers: ${secure.join(', ')} is not asked, only stun: is`]),
  ];
}
