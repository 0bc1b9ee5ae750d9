/** The Service of the published pods of a TurnServer. */
import type { TurnServer } from '../../api/turnserver.ts';
import { labels } from '../names.ts';
import type { DesiredObject } from '../object.ts';
import { turnMeta } from './meta.ts';
import { turnNames, turnPodSelector } from './names.ts';
import { clientPorts } from './ports.ts';

/**
 * Headless: its A records are the addresses of the published pods. With mode LoadBalancer it is what clients reach; a
 * client's packets must all come to the pod that has its allocation, and with its own address.
 */
export function turnService(server: TurnServer): DesiredObject {
  const isBalanced = server.spec.network.mode === 'LoadBalancer';
  const ports = clientPorts(server).map(({ name, protocol, port }) => ({
    ...{ name, protocol, port, targetPort: port },
  }));
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: turnMeta(server, turnNames.service(server)),
    spec: {
      ...(isBalanced
        ? { type: 'LoadBalancer', externalTrafficPolicy: 'Local', sessionAffinity: 'ClientIP' }
        : { clusterIP: 'None' }),
      publishNotReadyAddresses: false,
      selector: { ...turnPodSelector(server), [labels.published]: 'true' },
      ports,
    },
  };
}
