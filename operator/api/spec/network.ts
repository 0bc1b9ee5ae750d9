/** `spec.network`: ports and addresses. */
import { z } from 'zod';
import { type CelRule, port, withRules } from '../shared.ts';
import { address } from './address.ts';

/** Rules over `spec.network`. */
export const networkRules: readonly CelRule[] = [
  {
    rule: 'self.apiPort != self.media.udpPort && self.apiPort != self.media.tcpPort',
    message:
      'network.apiPort must differ from network.media.udpPort and network.media.tcpPort: use 8443 for the API and 8045 for media',
  },
  {
    rule: 'self.apiPort == oldSelf.apiPort',
    message:
      'network.apiPort cannot be changed, because Mattermost has one URL for all pods and would lose those on the other port: create a second RTCCluster and move Mattermost over',
  },
];

const media = z.object({
  udpPort: port()
    .default(8045)
    .describe(
      'UDP port for media on every SFU node. Open it to the clients. Ports below 1024 need net.ipv4.ip_unprivileged_port_start on the node.',
    ),
  tcpPort: port()
    .default(8045)
    .describe('TCP port for media, for clients whose network blocks UDP. Ports below 1024 as with udpPort.'),
});

/** See the file comment. */
export const network = withRules(
  z.object({
    apiPort: port()
      .default(8443)
      .describe(
        'TCP port of the API that Mattermost connects to. Ports below 1024 need net.ipv4.ip_unprivileged_port_start on the node. Cannot be changed.',
      ),
    apiBind: z
      .enum(['NodeInternalIP', 'All'])
      .default('NodeInternalIP')
      .describe(
        'Where the API listens. NodeInternalIP: on the internal address of the node, which is also that of the pod. All: on every address of the node, for a Mattermost that can only reach another one.',
      ),
    media: media.prefault({}).describe('Ports that carry voice and screens.'),
    address: address.prefault({}).describe('Which addresses clients are told to send media to.'),
  }),
  networkRules,
);
