/** Whether something else on the node may take packets that are meant for the relay. */
import type { TurnConditionInput, TurnVerdict } from './input.ts';

/** `--service-node-port-range` of the API server, as it is when nobody has set it; nobody can ask for another. */
const nodePorts = { first: 30_000, last: 32_767 } as const;

/** RelayPortsClear: none on a network of their own, where no NodePort leads. */
export function relayPortsClear({ server }: TurnConditionInput): TurnVerdict[] {
  const { mode, relayPorts } = server.spec.network;
  if (mode !== 'HostNetwork') return [];
  const type = 'RelayPortsClear';
  const { min, max } = relayPorts;
  if (max < nodePorts.first || min > nodePorts.last) {
    const message = `Ports ${min} to ${max} are no NodePorts of Services, unless this Kubernetes takes others than usual. Outgoing connections of the node keep off them when net.ipv4.ip_local_reserved_ports names them (docs/turn.md)`;
    return [{ type, status: 'True', reason: 'NoNodePorts', message }];
  }
  return [
    {
      type,
      status: 'False',
      reason: 'NodePortsOverlap',
      message: `network.relayPorts ${min} to ${max} reach into the NodePorts of Services (${nodePorts.first} to ${nodePorts.last}), and media for a port that a Service has goes to that Service: use 49152 to 57343`,
    },
  ];
}
