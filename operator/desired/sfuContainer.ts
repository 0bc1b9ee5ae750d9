/** The one container of an SFU pod: command line, environment, ports, probes. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { configFile } from './configMap.ts';
import { names, paths, secretKeys } from './names.ts';
import { containerSecurity } from './placement.ts';
import { sfuPorts } from './ports.ts';
import { sfuResources } from './resources.ts';
import { stunUrls } from './stun.ts';
import { hasApiTls } from './services.ts';
import { sfuMounts } from './sfuVolumes.ts';

/** Name of the container: what `kubectl logs` shows. */
export const containerName = 'sfu';

/** The container as core/v1 Container. */
export function sfuContainer(cluster: RtcCluster, image: string): Record<string, unknown> {
  return {
    name: containerName,
    image,
    imagePullPolicy: cluster.spec.engine.imagePullPolicy,
    args: ['--config', `${paths.config}/${configFile}`],
    env: environment(cluster),
    ports: containerPorts(cluster),
    resources: sfuResources(cluster),
    securityContext: containerSecurity,
    volumeMounts: sfuMounts(cluster),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    ...probes(cluster, { alive: '/livez', ready: '/readyz' }),
  };
}

function environment(cluster: RtcCluster): Record<string, unknown>[] {
  return [
    fromField('NODE_NAME', 'spec.nodeName'),
    fromField('POD_NAME', 'metadata.name'),
    ...listenVariables(cluster),
    { name: 'RTCD_RTC_WORKERS', value: String(cluster.spec.engine.workers) },
    ...(hasApiTls(cluster) ? tlsVariables : []),
    { name: 'RTC_CLIENTS_DIR', value: paths.clients },
    { name: 'RTC_ADDRESS_FILE', value: `${paths.pod}/${paths.addressFile}` },
    ...stunServers(cluster),
  ];
}

/** Asked by the SFU beside its address file, and told in `/stats`: the operator sends nothing outside. */
function stunServers({ spec }: RtcCluster): Record<string, unknown>[] {
  const urls = stunUrls(spec);
  return urls === undefined ? [] : [{ name: 'RTCD_RTC_ICESERVERS', value: JSON.stringify([{ urls }]) }];
}

/**
 * Where it listens and who may steer it; rtcd and our SFU read the same variables. Ports and addresses are set
 * here and not in a file: a container that restarts must find those its pod was made with.
 */
export function listenVariables(cluster: RtcCluster): Record<string, unknown>[] {
  const { network } = cluster.spec;
  const adminKey = { name: names.adminSecret(cluster), key: secretKeys.adminKey };
  return [
    fromField('HOST_IP', 'status.hostIP'),
    { name: 'RTCD_API_HTTP_LISTENADDRESS', value: `${bindHosts[network.apiBind]}:${network.apiPort}` },
    { name: 'RTCD_RTC_ICEADDRESSUDP', value: '$(HOST_IP)' },
    { name: 'RTCD_RTC_ICEADDRESSTCP', value: '$(HOST_IP)' },
    { name: 'RTCD_RTC_ICEPORTUDP', value: String(network.media.udpPort) },
    { name: 'RTCD_RTC_ICEPORTTCP', value: String(network.media.tcpPort) },
    { name: 'RTCD_API_SECURITY_ENABLEADMIN', value: 'true' },
    { name: 'RTCD_API_SECURITY_ADMINSECRETKEY', valueFrom: { secretKeyRef: adminKey } },
  ];
}

/** An empty host is every address, as in Go. */
const bindHosts = { NodeInternalIP: '$(HOST_IP)', All: '' } as const;

/** Our SFU reads the files again when they change: a renewed certificate needs no new pod. */
export const tlsVariables = [
  { name: 'RTCD_API_HTTP_TLS_ENABLE', value: 'true' },
  { name: 'RTCD_API_HTTP_TLS_CERTFILE', value: `${paths.tls}/${secretKeys.certificate}` },
  { name: 'RTCD_API_HTTP_TLS_CERTKEY', value: `${paths.tls}/${secretKeys.privateKey}` },
];

/** A variable from the pod's own fields. */
export function fromField(name: string, fieldPath: string): Record<string, unknown> {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

/** Declared as host ports too: then the scheduler never puts two users of a port on one node, whoever they are. */
export function containerPorts(cluster: RtcCluster): Record<string, unknown>[] {
  return sfuPorts(cluster).map(({ name, protocol, port }) => ({
    name,
    protocol,
    containerPort: port,
    hostPort: port,
  }));
}

/** A process that hangs is killed soon, without the hours that a draining one is given. */
const hungGraceSeconds = 5;

/** Startup, liveness and readiness, by what the API answers on these paths. */
export function probes(
  cluster: RtcCluster,
  at: { readonly alive: string; readonly ready: string },
): Record<string, unknown> {
  const port = cluster.spec.network.apiPort;
  const scheme = hasApiTls(cluster) ? 'HTTPS' : 'HTTP';
  const get = (path: string): Record<string, unknown> => ({ httpGet: { path, port, scheme } });
  return {
    startupProbe: {
      ...get(at.alive),
      periodSeconds: 1,
      timeoutSeconds: 2,
      failureThreshold: 60,
      terminationGracePeriodSeconds: hungGraceSeconds,
    },
    livenessProbe: {
      ...get(at.alive),
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 6,
      terminationGracePeriodSeconds: hungGraceSeconds,
    },
    readinessProbe: { ...get(at.ready), periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 3 },
  };
}
