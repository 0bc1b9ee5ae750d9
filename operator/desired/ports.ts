/** The ports that an SFU pod takes from its node. */
import type { RtcCluster } from '../api/rtccluster.ts';

/** One of them. */
export interface SfuPort {
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

/** The API's, and for each media worker one of UDP and one of TCP. */
export function sfuPorts({ spec: { network, engine } }: RtcCluster): SfuPort[] {
  const { apiPort, media } = network;
  const workers = Array.from({ length: engine.workers }, (_, index) => index);
  return [
    { name: 'api', protocol: 'TCP', port: apiPort },
    ...workers.flatMap((index): SfuPort[] => [
      { name: `media-udp-${index}`, protocol: 'UDP', port: media.udpPort + index },
      { name: `media-tcp-${index}`, protocol: 'TCP', port: media.tcpPort + index },
    ]),
  ];
}
