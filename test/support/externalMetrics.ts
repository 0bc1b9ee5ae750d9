/** A stub of the external metrics API: one metric with a value that a test sets, behind the real aggregator of the API server. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Cluster } from '../cluster/options.ts';

/** A running stub. */
export interface ExternalMetricsStub {
  /** What the metric says in every namespace. */
  value: number;
  stop(): Promise<void>;
}

const group = 'external.metrics.k8s.io';
const version = 'v1beta1';
const service = { namespace: 'kube-system', name: 'external-metrics' };

/** Serves `metric` and registers the API; it goes with the cluster. */
export async function startExternalMetrics(cluster: Cluster, metric: string): Promise<ExternalMetricsStub> {
  const { certificate, key } = cluster.issueServerCertificate([`${service.name}.${service.namespace}.svc`]);
  const stub = { value: 0 };
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const answer = answerTo(path, metric, stub.value);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, cluster.machineAddress, resolve));
  const { port } = server.address() as AddressInfo;
  await cluster.kubectlWithInput(JSON.stringify(registration(cluster, port)), 'apply', '-f', '-');
  return Object.assign(stub, {
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  });
}

function answerTo(path: string, metric: string, value: number): object | undefined {
  const root = `/apis/${group}/${version}`;
  const groupVersion = `${group}/${version}`;
  if (path === root)
    return {
      ...{ kind: 'APIResourceList', apiVersion: 'v1', groupVersion },
      resources: [
        { name: metric, singularName: '', namespaced: true, kind: 'ExternalMetricValueList', verbs: ['get'] },
      ],
    };
  if (!path.startsWith(`${root}/namespaces/`) || !path.endsWith(`/${metric}`)) return undefined;
  const item = {
    metricName: metric,
    metricLabels: {},
    timestamp: new Date().toISOString(),
    value: String(value),
  };
  return { kind: 'ExternalMetricValueList', apiVersion: groupVersion, metadata: {}, items: [item] };
}

function registration({ authority, machineAddress }: Cluster, port: number): object {
  const labels = { 'kubernetes.io/service-name': service.name };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion: 'v1', kind: 'Service', metadata: service, spec: { ports: [{ port: 443 }] } },
      {
        ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
        metadata: { ...service, labels },
        endpoints: [{ addresses: [machineAddress], conditions: { ready: true } }],
        ports: [{ port }],
      },
      {
        ...{ apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService' },
        metadata: { name: `${version}.${group}` },
        spec: {
          ...{ group, version, groupPriorityMinimum: 100, versionPriority: 100 },
          ...{ service: { ...service, port: 443 }, caBundle: Buffer.from(authority).toString('base64') },
        },
      },
    ],
  };
}
