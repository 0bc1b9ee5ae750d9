/** Manifests of small pods for the tests of the cluster itself. */
import { busyboxImage } from './images/base.ts';

/** Where a web server runs. */
export interface WebServerPlace {
  readonly node: string;
  readonly port: number;
  /** Default: on the node's own address, and then behind the Service `web`. */
  readonly hostNetwork?: boolean;
}

/** A pod that answers HTTP with its own name (`/name`) and its host's (`/host`). */
export function webServer(name: string, { node, port, hostNetwork = true }: WebServerPlace): object {
  const pages = `cd /tmp && hostname > host && echo ${name} > name`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: hostNetwork ? 'web' : name } },
    spec: {
      nodeName: node,
      hostNetwork,
      dnsPolicy: 'ClusterFirstWithHostNet',
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: 'web',
          image: busyboxImage,
          command: ['sh', '-c', `${pages} && exec httpd -f -p ${port} -h /tmp`],
          readinessProbe: { httpGet: { path: '/name', port }, periodSeconds: 1 },
        },
      ],
    },
  };
}

/** A pod with an address of its own that sleeps until it is told to end. */
export function sleeper(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: 'sleep',
          image: busyboxImage,
          command: ['sleep', '3600'],
          resources: { limits: { memory: '32Mi', cpu: '100m' } },
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            seccompProfile: { type: 'RuntimeDefault' },
          },
        },
      ],
    },
  };
}

/** A Service without an address of its own: its name leads to the pods. */
export function headlessService(app: string, port: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: app },
    spec: { clusterIP: 'None', selector: { app }, ports: [{ port }] },
  };
}
