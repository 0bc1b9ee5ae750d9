/** The containers of a pod that runs a stock rtcd: the same ports, names and Secrets as our SFU, as far as rtcd knows them. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { annotations, names, paths } from './names.ts';
import { containerSecurity } from './placement.ts';
import { hasApiTls } from './services.ts';
import {
  containerName,
  containerPorts,
  fromField,
  listenVariables,
  probes,
  tlsVariables,
} from './sfuContainer.ts';
import { sfuResources } from './resources.ts';
import { rtcdMounts } from './sfuVolumes.ts';

/** The container as core/v1 Container. Everything is said by variables: its image has a configuration file of its own. */
export function rtcdContainer(cluster: RtcCluster, image: string): Record<string, unknown> {
  return {
    name: containerName,
    image,
    imagePullPolicy: cluster.spec.engine.imagePullPolicy,
    env: [
      ...listenVariables(cluster),
      // Read when the container starts: by then the init container has seen the address.
      fromField('RTCD_RTC_ICEHOSTOVERRIDE', `metadata.annotations['${annotations.address}']`),
      { name: 'RTCD_STORE_DATASOURCE', value: `${paths.data}/rtcd_db` },
      { name: 'RTCD_LOGGER_ENABLEFILE', value: 'false' },
      ...(hasApiTls(cluster) ? tlsVariables : []),
    ],
    ports: containerPorts(cluster),
    resources: sfuResources(cluster),
    securityContext: containerSecurity,
    volumeMounts: rtcdMounts(cluster),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    // It answers this from the moment its API is up, and has nothing that tells more.
    ...probes(cluster, { alive: '/version', ready: '/version' }),
  };
}

/** rtcd takes its address when it starts, and the address follows from the node: this one waits until it is known. */
export function addressWaiter(cluster: RtcCluster, sfuImage: string): Record<string, unknown> {
  const look = `try { known = require('fs').readFileSync(process.argv[1], 'utf8').trim() !== '' } catch {}`;
  const wait = `let known = false; const look = () => { ${look}; if (!known) setTimeout(look, 250) }; look()`;
  return {
    name: 'address',
    image: sfuImage,
    imagePullPolicy: cluster.spec.engine.imagePullPolicy,
    command: ['/usr/local/bin/node', '-e', wait, `${paths.pod}/${paths.addressFile}`],
    resources: { requests: { cpu: '10m', memory: '64Mi' } },
    securityContext: containerSecurity,
    volumeMounts: [{ name: 'pod', mountPath: paths.pod, readOnly: true }],
  };
}

/** Comma list of the Secrets whose clients the operator registers. */
export function clientSecretNames(cluster: RtcCluster): string {
  return cluster.spec.auth.clients.map((client) => names.clientSecret(cluster, client)).join(',');
}
