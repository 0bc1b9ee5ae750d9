/** What the chart gives to Prometheus and Grafana, by both helms, held against the Prometheus operator's own CRDs on a real API server. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { alerts } from '../../../charts/monitoring/alerts/groups.ts';
import { dashboards } from '../../../charts/monitoring/dashboards.ts';
import { dashboardJson } from '../../../charts/monitoring/grafana.ts';
import { labels as ours, secretKeys } from '../../../operator/desired/names.ts';
import { sfuPorts } from '../../../operator/desired/ports.ts';
import { turnNames } from '../../../operator/desired/turn/names.ts';
import { agentPort } from '../../../operator/desired/turn/ports.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { startCluster } from '../../cluster/cluster.ts';
import type { Cluster } from '../../cluster/options.ts';
import { ensurePrometheusCrds } from '../../setup/prometheusCrds.ts';
import { eventually } from '../../support/eventually.ts';
import { aCluster } from '../../support/rtcclusters.ts';
import { aTurnServer } from '../../support/turnservers.ts';

const chart = join(import.meta.dirname, '../../../charts/rtc-operator');
const helms = [3, 4] as const;
const api = ['-a', 'monitoring.coreos.com/v1'];
const wanted = ['podMonitors', 'rules', 'dashboards'].flatMap((part) => [
  '--set',
  `monitoring.${part}.create=true`,
]);
const kinds = ['PodMonitor', 'PrometheusRule'];
let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
  for (const file of await ensurePrometheusCrds(() => undefined))
    await cluster.kubectl('apply', '--server-side', '-f', file);
  for (const kind of ['podmonitors', 'prometheusrules'])
    await eventually(() => cluster.kubectl('get', kind).then(() => undefined));
}, 180_000);
afterAll(() => cluster.stop(), 30_000);

const renderings = new Map<string, Promise<readonly KubeObject[]>>();

/** The same arguments give the same objects. */
function rendered(helm: 3 | 4, ...args: readonly string[]): Promise<readonly KubeObject[]> {
  const key = [helm, ...args].join(' ');
  const found = renderings.get(key) ?? render(helm, args);
  renderings.set(key, found);
  return found;
}

async function render(helm: 3 | 4, args: readonly string[]): Promise<readonly KubeObject[]> {
  const options = ['--namespace', 'rtc', '--no-hooks', ...args];
  const text = await cluster.helm(helm, 'template', 'rtc-operator', chart, ...options);
  return parseAllDocuments(text).flatMap((document) => {
    const object = document.toJS() as KubeObject | null;
    return object === null ? [] : [object];
  });
}

const isMonitoring = ({ kind, metadata }: KubeObject): boolean =>
  kinds.includes(kind) || metadata.name.includes('dashboard');

interface Endpoint {
  readonly port: string;
  readonly path: string;
  readonly interval: string;
  readonly honorLabels?: boolean;
  readonly authorization?: { readonly credentials: unknown };
  readonly tlsConfig?: unknown;
}

interface Monitor {
  readonly namespaceSelector?: unknown;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly podMetricsEndpoints: readonly Endpoint[];
}

const specOf = (objects: readonly KubeObject[], name: string): Monitor =>
  objects.find(({ kind, metadata }) => kind === 'PodMonitor' && metadata.name === name)?.['spec'] as Monitor;

describe.each(helms)('helm %i', (helm) => {
  test('makes nothing for Prometheus and Grafana unless it is asked to', async () => {
    expect((await rendered(helm, ...api)).filter(isMonitoring)).toEqual([]);
  });

  test('leaves out what the API server does not know, and still makes dashboards', async () => {
    const made = (await rendered(helm, ...wanted)).filter(isMonitoring);
    expect(new Set(made.map(({ kind }) => kind))).toEqual(new Set(['ConfigMap']));
  });

  test('makes what the API server takes, and takes it as it is', async () => {
    const turn = ['--set', 'monitoring.podMonitors.turnServers[0].namespace=default'];
    turn.push('--set', 'monitoring.podMonitors.turnServers[0].name=edge');
    const made = (await rendered(helm, ...api, ...wanted, ...turn)).filter(isMonitoring);
    expect(made.filter(({ kind }) => kind === 'PodMonitor')).toHaveLength(3);
    for (const object of made) {
      const here = { ...object, metadata: { ...object.metadata, namespace: 'default' } };
      const flags = ['--dry-run=server', '--validate=strict', '-o', 'json', '-f', '-'];
      const text = await cluster.kubectlWithInput(JSON.stringify(here), 'create', ...flags);
      const taken = JSON.parse(text) as KubeObject;
      expect(taken['spec'] ?? taken['data']).toMatchObject(
        (object['spec'] ?? object['data']) as Record<string, unknown>,
      );
    }
  }, 60_000);

  test('has the operator scraped with its own labels, because they tell of others', async () => {
    const { selector, podMetricsEndpoints } = specOf(await rendered(helm, ...api, ...wanted), 'rtc-operator');
    const [deployment] = (await rendered(helm)).filter(({ kind }) => kind === 'Deployment');
    const { template } = deployment?.['spec'] as { template: { metadata: { labels: object } } };
    expect(template.metadata.labels).toMatchObject(selector.matchLabels);
    expect(podMetricsEndpoints).toMatchObject([{ port: 'metrics', path: '/metrics', honorLabels: true }]);
  });

  test('has SFU pods scraped in all namespaces, or in those that are watched', async () => {
    const everywhere = specOf(await rendered(helm, ...api, ...wanted), 'rtc-operator-sfu');
    expect(everywhere.namespaceSelector).toEqual({ any: true });
    expect(everywhere.selector.matchLabels).toEqual({ [ours.role]: 'sfu' });
    expect(sfuPorts(aCluster({}))[0]?.name).toBe(everywhere.podMetricsEndpoints[0]?.port);
    const scoped = await rendered(helm, ...api, ...wanted, '--set', 'watchNamespaces={one,two}');
    expect(specOf(scoped, 'rtc-operator-sfu').namespaceSelector).toEqual({ matchNames: ['one', 'two'] });
  });

  test('has TURN agents asked with the metrics key of their own namespace, and with no other key', async () => {
    const values = ['--set', 'monitoring.podMonitors.turnServers[0].namespace=mm'];
    values.push('--set', 'monitoring.podMonitors.turnServers[0].name=edge');
    const objects = await rendered(helm, ...api, ...wanted, ...values);
    const { selector, podMetricsEndpoints } = specOf(objects, 'rtc-operator-turn-edge');
    expect(selector.matchLabels).toEqual({ [ours.role]: 'turn', [ours.turnServer]: 'edge' });
    expect(podMetricsEndpoints[0]).toMatchObject({
      port: agentPort.name,
      authorization: {
        credentials: { name: turnNames.agentSecret(aTurnServer()), key: secretKeys.metricsKey },
      },
    });
  });

  test('labels them as the Prometheus and the Grafana that are there want it', async () => {
    const sets = ['podMonitors.labels.release', 'rules.labels.release', 'dashboards.labels.release'];
    const values = sets.flatMap((key) => ['--set', `monitoring.${key}=stack`]);
    const place = ['--set', 'monitoring.dashboards.namespace=grafana'];
    const made = (await rendered(helm, ...api, ...wanted, ...values, ...place)).filter(isMonitoring);
    for (const { metadata } of made) expect(metadata.labels).toMatchObject({ release: 'stack' });
    const maps = made.filter(({ kind }) => kind === 'ConfigMap');
    for (const { metadata } of maps) {
      expect(metadata).toMatchObject({ namespace: 'grafana', annotations: { grafana_folder: 'RTC' } });
      expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    }
  });

  test('puts each dashboard into a ConfigMap as it is', async () => {
    const maps = (await rendered(helm, ...wanted)).filter(({ kind }) => kind === 'ConfigMap');
    const found = Object.assign({}, ...maps.map((map) => map['data'])) as Record<string, string>;
    const all = Object.entries(dashboards).map(([name, one]) => [`rtc-${name}.json`, dashboardJson(one)]);
    expect(
      Object.fromEntries(Object.entries(found).map(([file, text]) => [file, JSON.parse(text) as unknown])),
    ).toEqual(Object.fromEntries(all.map(([file, text]) => [file, JSON.parse(text!) as unknown])));
  });

  test('links every alert to its runbook, where the values say it is', async () => {
    const runbooks = ['--set', 'monitoring.rules.runbookBaseUrl=https://wiki.example.com/rtc'];
    const objects = await rendered(helm, ...api, ...wanted, ...runbooks);
    const { groups } = objects.find(({ kind }) => kind === 'PrometheusRule')?.['spec'] as {
      groups: { rules: { annotations: { runbook_url: string } }[] }[];
    };
    const urls = groups.flatMap(({ rules }) => rules.map(({ annotations }) => annotations.runbook_url));
    expect(urls).toEqual(alerts.map(({ name }) => `https://wiki.example.com/rtc/${name}.md`));
  });
});
