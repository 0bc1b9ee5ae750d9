/** What scheduler and kubelets do for TURN pods on the nodes of `fakeNodes.ts`: each node answers as one agent. */
import { X509Certificate } from 'node:crypto';
import type { KubeApi, KubeObject, ObjectKey } from '../../operator/kube/api.ts';
import * as resources from '../../operator/kube/resources.ts';
import { turnPorts, turnSecretKeys } from '../../operator/desired/turn/names.ts';
import type { Allocate } from '../../operator/facts/turn/agentClient.ts';
import { bindPod } from './binding.ts';
import { startFakeCoturn, type FakeCoturn } from './fakeCoturn.ts';
import type { FakeNode } from './fakeNodes.ts';

/** Running stand-ins. */
export interface FakeTurnNodes {
  /** By the name of the node. */
  readonly coturns: ReadonlyMap<string, FakeCoturn>;
  /** The one on whose node a pod is. */
  coturnOf(pod: KubeObject): FakeCoturn;
  /** Trial allocations, as the operator would make them over the network. */
  readonly allocate: Allocate;
  stop(): Promise<void>;
}

const stepMs = 100;

/** Of these nodes. */
export async function startFakeTurnNodes(kube: KubeApi, nodes: readonly FakeNode[]): Promise<FakeTurnNodes> {
  const coturns = new Map<string, FakeCoturn>();
  for (const { name, address } of nodes) coturns.set(name, await startFakeCoturn(address, turnPorts.agent));
  const abort = new AbortController();
  const kubelet: Kubelet = { kube, nodes, coturns, mounted: new Map(), lived: new Map() };
  const loop = live(kubelet, abort.signal);
  const coturnOf = (pod: KubeObject): FakeCoturn => coturns.get(nodeNameOf(pod) ?? '')!;
  return {
    ...{ coturns, coturnOf },
    allocate: ({ host, secret }) => {
      const node = nodes.find(({ address }) => address === host);
      return Promise.resolve(coturns.get(node?.name ?? '')!.allocate(secret));
    },
    async stop() {
      abort.abort();
      await loop;
      await Promise.all([...coturns.values()].map((coturn) => coturn.close()));
    },
  };
}

/** A renewed certificate is served without a restart; a pod does not start before there is one. */
async function readCertificate(kube: KubeApi, pod: KubeObject, coturn: FakeCoturn): Promise<void> {
  const { volumes } = pod['spec'] as Mounts;
  const secretName = volumes.find(({ name }) => name === 'tls')?.secret?.secretName;
  if (secretName === undefined) return;
  const { data } = await kube.get(resources.secrets, { ...keyIn(pod), name: secretName });
  const pem = Buffer.from((data as Readonly<Record<string, string>>)['tls.crt'] ?? '', 'base64');
  const { fingerprint256: fingerprint, validTo: notAfter } = new X509Certificate(pem);
  coturn.certificate = { fingerprint, notAfter };
}

const keyIn = ({ metadata: { namespace = '' } }: KubeObject): { readonly namespace: string } => ({
  namespace,
});

interface Kubelet {
  readonly kube: KubeApi;
  readonly nodes: readonly FakeNode[];
  readonly coturns: ReadonlyMap<string, FakeCoturn>;
  /** What was mounted last, by pod: the annotation that makes a kubelet look again. */
  readonly mounted: Map<string, string>;
  /** The pod that each coturn is the one of. */
  readonly lived: Map<string, string>;
}

async function live(kubelet: Kubelet, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { items } = await kubelet.kube.list(resources.pods, {
      ...{ limit: 100, labelSelector: 'rtc.progressnet.gr/role=turn' },
    });
    // Any of them may be gone by now.
    const waiting = items.find((pod) => nodeNameOf(pod) === undefined);
    if (waiting !== undefined) await schedule(kubelet, waiting, items).catch(() => undefined);
    for (const pod of items) await tend(kubelet, pod).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  }
}

function nodeNameOf(pod: KubeObject): string | undefined {
  return (pod['spec'] as { readonly nodeName?: string }).nodeName;
}

async function schedule(
  { kube, nodes }: Kubelet,
  pod: KubeObject,
  all: readonly KubeObject[],
): Promise<void> {
  const { namespace = '', name } = pod.metadata;
  const cordoned = new Set(
    (await kube.list(resources.nodes, { limit: 100 })).items
      .filter((node) => (node['spec'] as { readonly unschedulable?: boolean }).unschedulable === true)
      .map(({ metadata }) => metadata.name),
  );
  const isTaken = (node: string): boolean => all.some((other) => nodeNameOf(other) === node);
  const free = nodes.find((node) => !cordoned.has(node.name) && !isTaken(node.name));
  if (free !== undefined) await bindPod(kube, { namespace, name }, free.name);
}

async function tend(kubelet: Kubelet, pod: KubeObject): Promise<void> {
  const node = kubelet.nodes.find(({ name }) => name === nodeNameOf(pod));
  const coturn = kubelet.coturns.get(node?.name ?? '');
  if (node === undefined || coturn === undefined) return;
  const { uid = '', deletionTimestamp } = pod.metadata;
  if (kubelet.lived.get(node.name) !== uid) coturn.reset();
  kubelet.lived.set(node.name, uid);
  if (deletionTimestamp !== undefined) return end(kubelet.kube, pod, coturn);
  if (coturn.isDraining && coturn.allocations === 0) coturn.isEnded = true;
  await readCertificate(kubelet.kube, pod, coturn);
  await refreshMounts(kubelet, pod, coturn);
  await writeStatus(kubelet.kube, pod, podStatus(pod, node, coturn));
}

/** A pod that is being deleted ends with its last allocation, or when its time is up. */
async function end(kube: KubeApi, { metadata }: KubeObject, coturn: FakeCoturn): Promise<void> {
  coturn.isDraining = true;
  const { namespace = '', name, uid = '', deletionTimestamp = '' } = metadata;
  if (coturn.allocations > 0 && Date.parse(deletionTimestamp) > Date.now()) return;
  await kube.delete(resources.pods, { namespace, name }, { uid, gracePeriodSeconds: 0 });
}

interface Mounts {
  readonly volumes: readonly {
    readonly name: string;
    readonly secret?: { readonly secretName: string };
    readonly configMap?: { readonly name: string };
  }[];
}

/** As a kubelet: soon after a pod changed. What nothing draws its attention to it sees a minute later, too late for a test. */
async function refreshMounts({ kube, mounted }: Kubelet, pod: KubeObject, coturn: FakeCoturn): Promise<void> {
  const { namespace = '', uid = '', annotations = {} } = pod.metadata;
  const mark = annotations['rtc.progressnet.gr/turn-data'] ?? '';
  if (mounted.get(uid) === mark) return;
  const { volumes } = pod['spec'] as Mounts;
  const volume = (wanted: string): Mounts['volumes'][number] | undefined =>
    volumes.find(({ name }) => name === wanted);
  const keyOf = (name = ''): ObjectKey => ({ namespace, name });
  const secret = await kube.get(resources.secrets, keyOf(volume('secrets')?.secret?.secretName));
  const map = await kube.get(resources.configMaps, keyOf(volume('peers')?.configMap?.name));
  coturn.secrets = secretsIn(secret);
  coturn.peers = peersIn(map);
  mounted.set(uid, mark);
}

function peersIn(map: KubeObject): string[] {
  const { peers = '' } = map['data'] as Readonly<Record<string, string>>;
  return peers.split('\n').filter((line) => line !== '');
}

function secretsIn(secret: KubeObject): string[] {
  const data = secret['data'] as Readonly<Record<string, string>>;
  return Object.values(turnSecretKeys).flatMap((key) =>
    data[key] === undefined ? [] : [Buffer.from(data[key], 'base64').toString()],
  );
}

/** Ready as a TURN pod is: when it knows its address and has a secret. */
function podStatus(pod: KubeObject, node: FakeNode, coturn: FakeCoturn): Readonly<Record<string, unknown>> {
  const hasAddress = pod.metadata.annotations?.['rtc.progressnet.gr/address'] !== '';
  const isReady = hasAddress && coturn.secrets.length > 0 && !coturn.isEnded;
  return {
    phase: coturn.isEnded ? 'Succeeded' : 'Running',
    ...{ hostIP: node.address, podIP: node.address, podIPs: [{ ip: node.address }] },
    conditions: ['PodScheduled', 'Ready'].map((type) => ({
      type,
      status: type === 'Ready' && !isReady ? 'False' : 'True',
    })),
  };
}

async function writeStatus(
  kube: KubeApi,
  pod: KubeObject,
  status: Readonly<Record<string, unknown>>,
): Promise<void> {
  const found = (pod['status'] ?? {}) as Readonly<Record<string, unknown>>;
  const before = Object.fromEntries(Object.keys(status).map((key) => [key, found[key]]));
  if (JSON.stringify(status) === JSON.stringify(before)) return;
  const { namespace = '', name } = pod.metadata;
  await kube.mergePatch(resources.pods, { namespace, name, subresource: 'status' }, { status });
}
