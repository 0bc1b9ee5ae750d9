/** The configuration of Prometheus that docs/monitoring.md shows, for a Prometheus that cannot discover pods: Debian's is built without. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { KubeObject } from '../../../operator/kube/api.ts';

const page = join(import.meta.dirname, '../../../docs/monitoring.md');

interface StaticConfig {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

interface ScrapeConfig {
  readonly kubernetes_sd_configs: unknown;
  readonly authorization?: object;
}

/** As an object: `found` is what discovery would find, and `metricsKeyFile` the file with the metrics key. */
export function documentedConfig(found: readonly StaticConfig[], metricsKeyFile: string): object {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text);
  const text = blocks.find((block) => block?.includes('scrape_configs')) ?? '';
  const config = parse(text) as { readonly scrape_configs: readonly ScrapeConfig[] };
  const scrape_configs = config.scrape_configs.map((one) => ({
    ...withoutDiscovery(one),
    static_configs: found,
    ...(one.authorization !== undefined && { authorization: { credentials_file: metricsKeyFile } }),
  }));
  return { ...config, scrape_configs };
}

function withoutDiscovery(config: ScrapeConfig): object {
  return Object.fromEntries(Object.entries(config).filter(([key]) => key !== 'kubernetes_sd_configs'));
}

interface PodParts {
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
  };
  readonly status?: { readonly podIP?: string };
}

interface Container {
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
}

/** What Prometheus' discovery of role pod finds for one pod: a target for each port of each of its containers. */
export function discovered(pod: KubeObject): readonly StaticConfig[] {
  const { spec, status } = pod as unknown as PodParts;
  const { metadata } = pod;
  const about = {
    __meta_kubernetes_namespace: metadata.namespace ?? '',
    __meta_kubernetes_pod_name: metadata.name,
    __meta_kubernetes_pod_node_name: spec.nodeName ?? '',
    ...named('label', metadata.labels),
    ...named('annotation', metadata.annotations),
  };
  const ports = [...(spec.initContainers ?? []), ...spec.containers].flatMap(({ ports: own = [] }) => own);
  return ports.map(({ name, containerPort }) => ({
    targets: [`${status?.podIP ?? ''}:${containerPort}`],
    labels: { ...about, __meta_kubernetes_pod_container_port_name: name },
  }));
}

function named(
  kind: string,
  values: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      `__meta_kubernetes_pod_${kind}_${key.replace(/[^a-zA-Z0-9_]/g, '_')}`,
      value,
    ]),
  );
}
