/** `TurnServer.spec.network`: ports and addresses of the coturns. */
import { z } from 'zod';
import { type CelRule, withRules } from '../../shared.ts';
import { turnAddress } from './address.ts';

/** Rules over `spec.network.ports` of a TurnServer. */
export const portRules: readonly CelRule[] = [
  {
    rule: '[self.udp, self.tcp, self.tls, self.dtls].all(p, p == 0 || p >= 80)',
    message: 'network.ports: use 0 to leave a transport out, or a port from 80 to 49151',
  },
  {
    rule: 'self.udp == 0 || self.tcp == 0 || self.udp == self.tcp',
    message:
      'network.ports.udp and network.ports.tcp must be the same, because coturn has one port for both: set both to 3478, or one of them to 0',
  },
  {
    rule: 'self.tls == 0 || self.dtls == 0 || self.tls == self.dtls',
    message:
      'network.ports.tls and network.ports.dtls must be the same, because coturn has one port for both: set both to 5349, or one of them to 0',
  },
  {
    rule: 'self.udp > 0 || self.tcp > 0',
    message:
      'network.ports.udp and network.ports.tcp are both 0, and the operator could not try its secrets: set one of them to 3478',
  },
  {
    rule: '[self.tls, self.dtls].all(p, p == 0 || (p != self.udp && p != self.tcp))',
    message:
      'network.ports.tls and network.ports.dtls must differ from network.ports.udp and network.ports.tcp: use 5349 for the encrypted ones',
  },
  {
    rule: '[self.udp, self.tcp, self.tls, self.dtls].all(p, p != 8446 && p != 9641)',
    message:
      'network.ports: 8446 and 9641 are used by the agent and the metrics of the pod: use another port',
  },
];

const listening = (port: number, help: string): z.ZodDefault<z.ZodInt> =>
  z
    .int()
    .min(0)
    .max(49151)
    .default(port)
    .describe(
      `${help} 0: not served. Ports below 1024 need net.ipv4.ip_unprivileged_port_start on the node.`,
    );

const ports = withRules(
  z.object({
    udp: listening(3478, 'TURN over UDP. The same as tcp: coturn has one port for both.'),
    tcp: listening(3478, 'TURN over TCP, for clients whose network blocks UDP.'),
    tls: listening(5349, 'TURN over TLS; served when tls.mode is not Disabled. 443 passes most firewalls.'),
    dtls: listening(5349, 'TURN over DTLS; served when tls.mode is not Disabled. The same as tls.'),
  }),
  portRules,
);

/** Rules over `spec.network.relayPorts`. */
export const relayPortRules: readonly CelRule[] = [
  {
    rule: 'self.min <= self.max',
    message:
      'network.relayPorts.min must not be above network.relayPorts.max: use 49152 and 57343, or a range of your own',
  },
];

const relayPorts = withRules(
  z.object({
    min: z.int().min(1024).max(65535).default(49152).describe('The first UDP port of the range.'),
    max: z
      .int()
      .min(1024)
      .max(65535)
      .default(57343)
      .describe('The last one. Default 57343: what lies above is left to the node.'),
  }),
  relayPortRules,
);

/** Rules over `spec.network` of a TurnServer. */
export const turnNetworkRules: readonly CelRule[] = [
  {
    // A headless Service cannot be given a cluster IP, and pods on the node's network cannot leave it.
    rule: 'self.mode == oldSelf.mode',
    message:
      'network.mode cannot be changed: make a second TurnServer with the other mode, let turn.turnServerName of the RTCClusters name it, then delete this one',
  },
  {
    rule: '[self.ports.udp, self.ports.tcp, self.ports.tls, self.ports.dtls, 8446, 9641].all(p, p < self.relayPorts.min || p > self.relayPorts.max)',
    message:
      'network.relayPorts must hold none of network.ports, and neither 8446 nor 9641, which the agent and the metrics of the pod use: raise network.relayPorts.min, to 49152 for example',
  },
];

/** See the file comment. */
export const turnNetwork = withRules(
  z.object({
    mode: z
      .enum(['HostNetwork', 'LoadBalancer'])
      .default('HostNetwork')
      .describe(
        'HostNetwork: pods use the network of their node, and clients reach its address. LoadBalancer: pods have addresses of their own behind a Service of type LoadBalancer, for clusters without public nodes; what they relay must still reach the SFU pods.',
      ),
    ports: ports.prefault({}).describe('Where clients reach the TURN servers. Open them to the clients.'),
    relayPorts: relayPorts
      .prefault({})
      .describe(
        'UDP ports that relayed media uses, one for each allocation. Open them to the peers, the SFU nodes. Reserve them on the node (docs/turn.md): by default Linux also gives them to outgoing connections.',
      ),
    address: turnAddress
      .prefault({})
      .describe('Which address of each node clients use. Only read with mode HostNetwork.'),
    serverName: z
      .string()
      .min(1)
      .max(253)
      .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/)
      .optional()
      .describe(
        'A DNS name that leads to the TURN servers, such as turn.example.com; you keep its records. It is the host in the URIs and the name in the certificate. Absent: the URIs have the addresses of the pods.',
      ),
  }),
  turnNetworkRules,
);
