/** The two containers of a TURN pod: coturn, and the agent that writes what it reads and answers for it. */
import type { TurnServer } from '../../api/turnserver.ts';
import { secretKeys } from '../names.ts';
import { containerSecurity } from '../placement.ts';
import { resourcesOf } from '../resources.ts';
import { fromField } from '../sfuContainer.ts';
import { turnNames, turnPaths, turnPorts } from './names.ts';
import { agentPort, clientPorts, containerPorts } from './ports.ts';
import { agentMounts, coturnMounts } from './volumes.ts';

/** What `kubectl logs -c` shows. */
export const turnContainers = { coturn: 'coturn', agent: 'agent' } as const;

const get = (path: string): Record<string, unknown> => ({ httpGet: { path, port: turnPorts.agent } });

/**
 * core/v1 Container of coturn. Its command is given because the entry point of the official image hands its arguments
 * to a shell; the capability, because the binary of that image has it as a file capability and cannot start without.
 *
 * Whether it is alive is asked of coturn itself: an agent that fails must not end calls.
 */
export function coturnContainer(server: TurnServer): Record<string, unknown> {
  const { spec } = server;
  return {
    name: turnContainers.coturn,
    image: spec.image,
    imagePullPolicy: spec.imagePullPolicy,
    command: ['turnserver'],
    args: ['-c', `${turnPaths.run}/turnserver.conf`],
    ports: containerPorts(server, clientPorts(server)),
    resources: resourcesOf(spec.resources),
    securityContext: { ...containerSecurity, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } },
    volumeMounts: coturnMounts(server),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    lifecycle: { preStop: { exec: { command: ['sh', '-c', drainToTheEnd] } } },
    ...liveness(server),
    readinessProbe: { ...get('/readyz'), periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 3 },
  };
}

/**
 * Before Kubernetes ends coturn for whoever deletes the pod: orders the drain, and returns when coturn has ended by itself.
 * A file and a shell, because the kubelet does not find the address of a pod on its node's network for a hook by HTTP,
 * and because nobody but these two containers can write there.
 */
const drainToTheEnd = [
  `echo preStop > ${turnPaths.run}/${turnPaths.drainFile}`,
  `while kill -0 "$(cat ${turnPaths.run}/${turnPaths.pidFile})"; do sleep 1; done`,
].join('; ');

/** Whether it takes connections; nothing when it only serves UDP, which Kubernetes cannot ask. */
function liveness(server: TurnServer): Record<string, unknown> {
  const port = clientPorts(server).find(({ protocol }) => protocol === 'TCP')?.port;
  if (port === undefined) return {};
  return {
    livenessProbe: {
      tcpSocket: { port },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 6,
      terminationGracePeriodSeconds: hungGraceSeconds,
    },
  };
}

/** A process that hangs is killed soon, without the hours that a draining one is given. */
const hungGraceSeconds = 5;

/** How long the agent may wait for an address, secrets and a certificate before it is started again. */
const patienceSeconds = 600;

/** The agent, as a sidecar that starts first and ends last. */
export function agentContainer(server: TurnServer, operatorsImage: string): Record<string, unknown> {
  return {
    name: turnContainers.agent,
    image: operatorsImage,
    restartPolicy: 'Always',
    command: ['/usr/local/bin/node', '/app/agent.mjs'],
    env: environment(server),
    ports: containerPorts(server, [agentPort]),
    resources: agentResources,
    securityContext: containerSecurity,
    volumeMounts: agentMounts(server),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    startupProbe: {
      ...get('/startupz'),
      periodSeconds: 1,
      timeoutSeconds: 2,
      failureThreshold: patienceSeconds,
    },
    livenessProbe: { ...get('/livez'), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
  };
}

/** Nearly always idle. */
const agentResources = {
  requests: { cpu: '10m', memory: '96Mi' },
  limits: { memory: '192Mi' },
} as const;

function environment(server: TurnServer): Record<string, unknown>[] {
  const name = turnNames.agentSecret(server);
  const fromSecret = (key: string, optional: boolean): Record<string, unknown> => ({
    secretKeyRef: { name, key, ...(optional && { optional }) },
  });
  return [
    fromField('POD_NAME', 'metadata.name'),
    fromField('POD_IP', 'status.podIP'),
    fromField('POD_IPS', 'status.podIPs'),
    { name: 'RTC_TURN_ADMIN_KEY', valueFrom: fromSecret(secretKeys.adminKey, false) },
    { name: 'RTC_TURN_METRICS_KEY', valueFrom: fromSecret(secretKeys.metricsKey, true) },
  ];
}
