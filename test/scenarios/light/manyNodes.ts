/**
 * Nodes without machines, by the thousand: real Node objects, and for all of them one scheduler and one kubelet that
 * look at the state of things as an operator does. An SFU is the HTTP that the operator asks, and a number of sessions.
 */
import type { KubeApi, KubeObject } from '../../../operator/kube/api.ts';
import { systemClock } from '../../../operator/kube/clock.ts';
import { createQueue } from '../../../operator/kube/queue.ts';
import { createReflector } from '../../../operator/kube/reflector.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { createStore, keyText } from '../../../operator/kube/store.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import type { Cluster } from '../../cluster/options.ts';
import { sideBySide } from '../../setup/sideBySide.ts';
import { linkNetwork } from '../../support/linkAddresses.ts';
import { ManyKubelets, type LightNode, type ManySfu } from './manyKubelets.ts';

/** See the file comment. */
export interface ManyNodes {
  /** Every SFU that runs. */
  readonly sfus: () => readonly ManySfu[];
  readonly sfuAt: (address: string) => ManySfu | undefined;
  /** Sessions that ended with their SFU. */
  readonly dropped: () => number;
  stop(): Promise<void>;
}

/** Writes at a time: an API server on a few cores has other callers too. */
const atOnce = 24;

/** `count` nodes that are ready when this resolves. Their SFUs listen on `port`. */
export async function startManyNodes(
  cluster: Pick<Cluster, 'machineAddress'>,
  kube: KubeApi,
  { count, port }: { readonly count: number; readonly port: number },
): Promise<ManyNodes> {
  const addressOf = await linkNetwork(cluster);
  const nodes = Array.from({ length: count }, (_, index) => ({
    name: `m${index + 1}`,
    address: addressOf(index),
  }));
  await sideBySide(nodes, atOnce, (node) => createNode(kube, node));
  const pods = createStore();
  const kubelets = new ManyKubelets({ kube, pods, nodes, port });
  const queue = createQueue({
    work: (key) => kubelets.tend(key),
    clock: systemClock,
    workers: atOnce,
    backoff: { initialMs: 50, maxMs: 2_000 },
  });
  pods.subscribe(({ current, previous }) => queue.add(keyText((current ?? previous)!.metadata)));
  const mirror = createReflector({
    ...{ kube, resource: resources.pods, store: pods, clock: systemClock, log: silentLog },
    selection: { labelSelector: 'rtc.progressnet.gr/role=sfu' },
  });
  mirror.start();
  queue.start();
  return {
    sfus: () => kubelets.sfus,
    sfuAt: (address) => kubelets.sfuAt(address),
    dropped: () => kubelets.dropped,
    async stop() {
      await Promise.all([mirror.close(), queue.close()]);
      await kubelets.close();
    },
  };
}

/** As much as a cloud's node says of itself: what an operator has to read when it starts. */
async function createNode(kube: KubeApi, { name, address }: LightNode): Promise<void> {
  const capacity = { cpu: '4', memory: '8Gi', pods: '110' };
  const images = Array.from({ length: 30 }, (_, index) => ({
    names: [
      `registry.example/team/image-${index}@sha256:${String(index).padStart(64, '0')}`,
      `registry.example/team/image-${index}:1.${index}`,
    ],
    sizeBytes: 50_000_000 + index,
  }));
  const node: KubeObject = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': 'a' } },
    status: {
      addresses: [{ type: 'InternalIP', address }],
      conditions: [{ type: 'Ready', status: 'True', reason: 'Light', message: 'no machine' }],
      ...{ capacity, allocatable: capacity, images },
    },
  };
  await kube.create(resources.nodes, node);
  // Nobody else takes away what the API server gives to nodes until they are ready.
  await kube.mergePatch(resources.nodes, { name }, { spec: { taints: null } });
}
