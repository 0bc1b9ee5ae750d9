/** Pure: the ports that must be open, for whoever writes firewall rules. */
import { parseListenAddress } from './listenAddress.ts';
import type { Config } from './schema.ts';

/** One line for each; with several workers the media ports are ranges. */
export function portsToOpen({ api, rtc }: Config): string[] {
  const each = rtc.workers === 1 ? '' : `, one for each of ${rtc.workers} workers`;
  return [
    `TCP ${parseListenAddress(api.http.listenAddress)?.port ?? 0}: API, for Mattermost`,
    `UDP ${range(rtc.icePortUdp, rtc.workers)}: media, for everybody in a call${each}`,
    `TCP ${range(rtc.icePortTcp, rtc.workers)}: media where UDP does not get through${each}`,
  ];
}

/** Why the last worker has no port that rtcd's limits allow (wire spec 7), else undefined. */
export function rangeProblem({ rtc }: Config): string | undefined {
  const highest = Math.max(rtc.icePortUdp, rtc.icePortTcp) + rtc.workers - 1;
  return highest > lastPort
    ? `rtc.workers: the last of ${rtc.workers} workers would need media port ${highest}, and ${lastPort} is the highest: lower rtc.ice_port_udp and rtc.ice_port_tcp, or rtc.workers`
    : undefined;
}

const lastPort = 49_151;

function range(first: number, count: number): string {
  return count === 1 ? String(first) : `${first} to ${first + count - 1}`;
}
