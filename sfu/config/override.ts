/** The texts of `ice_host_override` and `ice_host_port_override` (wire spec 7.1, 7.2). */
import { isIP } from 'node:net';

/** `external/internal,…` → internal → external; undefined when the text is a single host. */
export function hostMap(override: string): ReadonlyMap<string, string> | undefined {
  if (!override.includes('/')) return undefined;
  return new Map(
    override.split(',').map((pair) => {
      const [external = '', internal = ''] = pair.trim().split('/');
      return [internal, external] as const;
    }),
  );
}

/** `localIP/port,…` → localIP → port; undefined when the text is a single port or empty. */
export function portMap(override: string): ReadonlyMap<string, number> | undefined {
  if (!override.includes('/')) return undefined;
  return new Map(
    override.split(',').map((pair) => {
      const [local = '', port = ''] = pair.trim().split('/');
      return [local, Number(port)] as const;
    }),
  );
}

/** Why the host override cannot be understood. */
export function overrideProblem(override: string): string | undefined {
  const map = hostMap(override);
  if (map === undefined)
    return /^[\w.:-]*$/.test(override)
      ? undefined
      : 'rtc.ice_host_override: must be one address or hostname, or a map external/internal,…';
  const isComplete = [...map].every(([internal, external]) => isIP(internal) !== 0 && isIP(external) !== 0);
  const isUnique = map.size === override.split(',').length;
  return isComplete && isUnique
    ? undefined
    : 'rtc.ice_host_override: a map needs an external and an internal IP address in each pair, each internal one once';
}

/** Why the port override cannot be understood. */
export function portOverrideProblem(override: string): string | undefined {
  if (override === '') return undefined;
  const map = portMap(override);
  if (map === undefined)
    return isPort(Number(override)) && /^\d+$/.test(override)
      ? undefined
      : 'rtc.ice_host_port_override: must be a port from 1 to 65535, or a map localIP/port,…';
  const isComplete = [...map].every(([local, port]) => isIP(local) !== 0 && isPort(port));
  const pairs = override.split(',').length;
  const isUnique = map.size === pairs && new Set(map.values()).size === pairs;
  return isComplete && isUnique
    ? undefined
    : 'rtc.ice_host_port_override: a map needs a local IP address and a port in each pair, each of them once';
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}
