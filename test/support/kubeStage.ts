/** A real API server with its controllers and light nodes with fake SFUs: what tests of the whole operator begin with. */
import { join } from 'node:path';
import type { KubeApi, KubeObject } from '../../operator/kube/api.ts';
import { createKubeClient, type KubeClient } from '../../operator/kube/client.ts';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/options.ts';
import { startProxy, type ApiProxy } from '../cluster/proxy.ts';
import { eventually } from './eventually.ts';
import { startFakeNodes, type FakeNode, type FakeNodes } from './fakeNodes.ts';

const crds = ['rtcclusters', 'turnservers'] as const;
const crd = (kind: string): string => join(import.meta.dirname, `../../crds/${kind}.rtc.progressnet.gr.yaml`);

/** The API port of every fake SFU, another one for each process of tests. */
export const stagePort = 20_000 + (process.pid % 10_000);

/** See the file comment. */
export interface KubeStage {
  readonly cluster: Cluster;
  /** In front of the API server, for an operator whose requests are counted or held up. */
  readonly proxy: ApiProxy;
  readonly client: KubeClient;
  readonly kube: KubeApi;
  readonly fakes: FakeNodes;
  /** Resolves when pods can be made in it. */
  createNamespace(name: string): Promise<void>;
  /** The node that a pod is on. */
  readonly nodeOf: (pod: KubeObject) => FakeNode;
  close(): Promise<void>;
}

/** What is different from one stage to another. */
export interface StageOptions {
  readonly nodes: number;
  /** Default true; a chart brings its own. */
  readonly installsCrd?: boolean;
  /** What the fake SFUs serve their API with. Default: plain HTTP. */
  readonly served?: Parameters<typeof startFakeNodes>[2]['served'];
  readonly controllerManagerFlags?: readonly string[];
}

/** Resolves when objects of our kinds can be made. */
export async function installKinds(cluster: Cluster): Promise<void> {
  for (const kind of crds) {
    await cluster.kubectl('apply', '-f', crd(kind));
    await eventually(() => cluster.kubectl('get', kind).then(() => undefined));
  }
}

/** Takes some ten seconds. */
export async function startKubeStage(options: StageOptions): Promise<KubeStage> {
  const { nodes, installsCrd = true, served, controllerManagerFlags } = options;
  const cluster = await startCluster({ nodes: 0, ...(controllerManagerFlags && { controllerManagerFlags }) });
  if (installsCrd) await installKinds(cluster);
  const proxy = await startProxy(cluster);
  const client = createKubeClient({ kubeconfig: cluster.kubeconfig });
  const kube = client.api();
  const fakes = await startFakeNodes(cluster, kube, {
    count: nodes,
    port: stagePort,
    ...(served && { served }),
  });
  return {
    ...{ cluster, proxy, client, kube, fakes },
    async createNamespace(name) {
      await cluster.kubectl('create', 'namespace', name);
      await eventually(() =>
        cluster.kubectl('get', '-n', name, 'serviceaccount', 'default').then(() => undefined),
      );
    },
    nodeOf(pod) {
      const { nodeName } = pod['spec'] as { nodeName?: string };
      return fakes.nodes.find(({ name }) => name === nodeName)!;
    },
    async close() {
      await fakes.stop();
      await client.close();
      await proxy.close();
      await cluster.stop();
    },
  };
}
