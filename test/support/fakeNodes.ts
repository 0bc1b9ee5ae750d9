/**
 * Nodes without machines: real Node objects, the little of a scheduler that spreads
 * pods over them, and what a kubelet would write. Each node answers as one SFU.
 */
import type { KubeApi, KubeObject } from '../../operator/kube/api.ts';
import * as resources from '../../operator/kube/resources.ts';
import type { Cluster } from '../cluster/options.ts';
import { bindPod } from './binding.ts';
import { startFakeSfu, type FakeSfu, type ServedCertificate } from './fakeSfu.ts';
import { linkAddress } from './linkAddresses.ts';

/** A node and the SFU that answers on its address. */
export interface FakeNode {
  readonly name: string;
  readonly address: string;
  readonly sfu: FakeSfu;
  /** What pods on it report while it is set: the state of their one container. */
  crash: { readonly exitCode: number; readonly message: string } | undefined;
}

/** Running stand-ins. */
export interface FakeNodes {
  readonly nodes: readonly FakeNode[];
  stop(): Promise<void>;
}

type ClusterPart = Pick<Cluster, 'machineAddress'>;

const stepMs = 200;
const capacity = { cpu: '4', memory: '8Gi', pods: '20' };

/**
 * Nodes `f1`, `f2`, … whose SFUs listen on `port` of addresses of the cluster's
 * own link: Kubernetes takes no loopback address for an endpoint. They go with the link.
 */
export async function startFakeNodes(
  cluster: ClusterPart,
  kube: KubeApi,
  options: {
    readonly count: number;
    readonly port: number;
    /** With it the SFUs speak TLS. */
    readonly served?: ServedCertificate;
  },
): Promise<FakeNodes> {
  const { count, port, served } = options;
  const nodes = await Promise.all(
    Array.from({ length: count }, async (_, index): Promise<FakeNode> => {
      const address = await linkAddress(cluster, index);
      const name = `f${index + 1}`;
      return { name, address, sfu: await startFakeSfu(address, port, served), crash: undefined };
    }),
  );
  for (const node of nodes) await createNode(kube, node);
  const abort = new AbortController();
  const loop = live({ kube, nodes }, abort.signal);
  return {
    nodes,
    async stop() {
      abort.abort();
      await loop;
      await Promise.all(nodes.map(({ sfu }) => sfu.close()));
    },
  };
}

async function createNode(kube: KubeApi, { name }: FakeNode): Promise<void> {
  const labels = { 'kubernetes.io/hostname': name };
  await kube.create(resources.nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } });
  // Nobody else takes away what the API server gives to nodes until they are ready.
  await kube.mergePatch(resources.nodes, { name }, { spec: { taints: null } });
}

interface Parts {
  readonly kube: KubeApi;
  readonly nodes: readonly FakeNode[];
}

async function live(parts: Parts, signal: AbortSignal): Promise<void> {
  let heartbeatMs = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    if (performance.now() - heartbeatMs > 5_000) {
      for (const node of parts.nodes) await heartbeat(parts.kube, node);
      heartbeatMs = performance.now();
    }
    const { items } = await parts.kube.list(resources.pods, {
      limit: 100,
      labelSelector: 'rtc.progressnet.gr/role=sfu',
    });
    const waiting = items.find((pod) => nodeNameOf(pod) === undefined);
    if (waiting !== undefined) await schedule(parts, waiting, items).catch(() => undefined); // It may be gone by now.
    for (const pod of items) await tend(parts, pod).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  }
}

async function heartbeat(kube: KubeApi, { name, address }: FakeNode): Promise<void> {
  const time = new Date().toISOString();
  const ready = { type: 'Ready', status: 'True', reason: 'Fake', message: 'fake', lastHeartbeatTime: time };
  const addresses = [{ type: 'InternalIP', address }];
  const status = { addresses, capacity, allocatable: capacity, conditions: [ready] };
  await kube.mergePatch(resources.nodes, { name, subresource: 'status' }, { status });
}

async function tend({ kube, nodes }: Parts, pod: KubeObject): Promise<void> {
  const { namespace = '', name, uid = '' } = pod.metadata;
  const node = nodes.find((candidate) => candidate.name === nodeNameOf(pod));
  if (node === undefined) return;
  if (pod.metadata.deletionTimestamp !== undefined && isOver(pod, node))
    return kube.delete(resources.pods, { namespace, name }, { uid, gracePeriodSeconds: 0 });
  await writeStatus(kube, pod, podStatus(pod, node));
}

/** As an SFU and its kubelet: a pod that is being deleted ends with its last session, or when its time is up. */
function isOver({ metadata }: KubeObject, { sfu }: FakeNode): boolean {
  return sfu.sessions === 0 || Date.parse(metadata.deletionTimestamp ?? '') <= Date.now();
}

function nodeNameOf(pod: KubeObject): string | undefined {
  return (pod['spec'] as { readonly nodeName?: string }).nodeName;
}

/** At most one pod per node, as the anti-affinity of SFU pods asks for. */
async function schedule({ kube, nodes }: Parts, pod: KubeObject, all: readonly KubeObject[]): Promise<void> {
  const { namespace = '', name } = pod.metadata;
  const free = nodes.find((node) => !all.some((other) => nodeNameOf(other) === node.name));
  if (free === undefined) {
    const no = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no node is free' };
    await writeStatus(kube, pod, { conditions: [no] });
    return;
  }
  await bindPod(kube, { namespace, name }, free.name);
}

async function writeStatus(
  kube: KubeApi,
  pod: KubeObject,
  status: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (JSON.stringify(status) === JSON.stringify(written(pod, status))) return;
  const { namespace = '', name } = pod.metadata;
  await kube.mergePatch(resources.pods, { namespace, name, subresource: 'status' }, { status });
}

/** The same fields as they are now, in the same order. */
function written(pod: KubeObject, status: Readonly<Record<string, unknown>>): unknown {
  const found = (pod['status'] ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(status).map((key) => [key, found[key]]));
}

/** Ready as an SFU is: when it knows its address. */
function podStatus(pod: KubeObject, node: FakeNode): Readonly<Record<string, unknown>> {
  const hasAddress = pod.metadata.annotations?.['rtc.progressnet.gr/address'] !== '';
  const isReady = hasAddress && node.crash === undefined;
  const running = { running: { startedAt: pod.metadata.creationTimestamp } };
  const crashed = {
    waiting: { reason: 'CrashLoopBackOff', message: 'back-off restarting failed container' },
  };
  const container = {
    ...{ name: 'sfu', image: 'fake', imageID: 'fake', ready: isReady, restartCount: 0 },
    state: node.crash === undefined ? running : crashed,
    ...(node.crash !== undefined && { lastState: { terminated: { ...node.crash, reason: 'Error' } } }),
  };
  const conditions = ['PodScheduled', 'Ready'].map((type) => ({
    type,
    status: type === 'Ready' && !isReady ? 'False' : 'True',
  }));
  return {
    phase: 'Running',
    hostIP: node.address,
    podIP: node.address,
    podIPs: [{ ip: node.address }],
    conditions,
    containerStatuses: [container],
  };
}
