/** The ports that a TURN pod takes, but for the relay range, which no pod can declare. */
import type { TurnServer } from '../../api/turnserver.ts';
import { turnPorts } from './names.ts';

/** One of them. */
export interface TurnPort {
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

/** One that clients use. */
export interface ClientPort extends TurnPort {
  readonly transport: keyof TurnServer['spec']['network']['ports'];
}

const transports = [
  { transport: 'udp', name: 'turn-udp', protocol: 'UDP', isEncrypted: false },
  { transport: 'tcp', name: 'turn-tcp', protocol: 'TCP', isEncrypted: false },
  { transport: 'tls', name: 'turn-tls', protocol: 'TCP', isEncrypted: true },
  { transport: 'dtls', name: 'turn-dtls', protocol: 'UDP', isEncrypted: true },
] as const;

/** coturn's: those that are served, which the encrypted ones are only with a certificate. */
export function clientPorts({ spec: { network, tls } }: Pick<TurnServer, 'spec'>): ClientPort[] {
  return transports.flatMap(({ isEncrypted, ...rest }) => {
    const port = network.ports[rest.transport];
    return port === 0 || (isEncrypted && tls.mode === 'Disabled') ? [] : [{ ...rest, port }];
  });
}

/** The agent's one. */
export const agentPort: TurnPort = { name: 'agent', protocol: 'TCP', port: turnPorts.agent };

/**
 * As core/v1 ContainerPorts. On the node's network they are declared as host ports too: then the scheduler never puts
 * two users of a port on one node, whoever they are.
 */
export function containerPorts(
  { spec }: Pick<TurnServer, 'spec'>,
  ports: readonly TurnPort[],
): Record<string, unknown>[] {
  const isOnNode = spec.network.mode === 'HostNetwork';
  return ports.map(({ name, protocol, port }) => ({
    ...{ name, protocol, containerPort: port },
    ...(isOnNode && { hostPort: port }),
  }));
}
