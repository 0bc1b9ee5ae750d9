/** The ports that an SFU pod takes from its node. */
import type { RtcCluster } from '../api/rtccluster.ts';

/** One of them. */
export interface SfuPort {
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

/** As much of an RTCCluster as its ports depend on. */
export interface PortsSpec {
  readonly spec: {
    readonly network: Pick<RtcCluster['spec']['network'], 'apiPort' | 'media'>;
    readonly engine: Pick<RtcCluster['spec']['engine'], 'workers'>;
  };
}

/** The API's, and for each media worker one of UDP and one of TCP. */
export function sfuPorts({ spec: { network, engine } }: PortsSpec): SfuPort[] {
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
