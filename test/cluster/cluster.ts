/** A real Kubernetes on this machine: `startCluster({ nodes: 3 })`. */
import { Resolver } from 'node:dns/promises';
import { nodesOf } from './addresses.ts';
import { startControlPlane } from './controlPlane/start.ts';
import type { ControlPlane } from './controlPlane/start.ts';
import { allowDns, startDns } from './dns.ts';
import type { DnsParts } from './dns.ts';
import { allEnded } from './failures.ts';
import { clusterHandle } from './handle.ts';
import type { ClusterParts } from './handle.ts';
import { layOut } from './layout.ts';
import type { Layout } from './layout.ts';
import { buildNetwork, networkPlan } from './network.ts';
import type { ClusterNode } from './node/node.ts';
import { createNodes } from './node/nodes.ts';
import type { Cluster, ClusterOptions } from './options.ts';
import { ownSlot } from './owner.ts';
import { prepareMachine } from './prepare.ts';

/**
 * Resolves when the API answers, the controllers work, DNS answers and all nodes are Ready.
 * Rejects with all that the machine lacks, or with the program that failed and the end of its log;
 * then nothing is left behind.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const say = options.say ?? (() => undefined);
  const { binaries, tools, images } = await prepareMachine(
    { nodes: options.nodes, dns: hasDns(options) },
    say,
  );
  const slot = await ownSlot();
  let layout: Layout | undefined;
  try {
    const nodeAddresses = nodesOf(slot.number, options.nodes);
    layout = layOut(options, slot, { binaries, nodes: nodeAddresses });
    await buildNetwork(networkPlan(layout.addresses, nodeAddresses));
    const nodes = await createNodes(layout, nodeAddresses);
    const parts = { controlPlane: controlPlaneOf(layout), dns: dnsOf(layout), nodes };
    const archives = [...(images?.archives ?? []), ...(options.images ?? [])];
    await bringUp(layout, parts, archives);
    return clusterHandle(layout, parts, tools);
  } catch (error) {
    await (layout ?? slot).remove();
    throw error;
  }
}

async function bringUp(layout: Layout, parts: ClusterParts, archives: readonly string[]): Promise<void> {
  const { api, addresses, options } = layout;
  const say = options.say ?? (() => undefined);
  const { dns, nodes } = parts;
  await allEnded([
    startControlPlane(parts.controlPlane).then(() => say(`API server: ready at ${addresses.apiServer}`)),
    ...nodes.map((node) => powerOnWithImages(node, archives)),
  ]);
  if (dns !== undefined) {
    await allowDns(api);
    await startDns(dns);
  }
  await allEnded([
    ...(dns === undefined ? [] : [answering(layout)]),
    ...nodes.map(async (node) => {
      await node.join();
      await node.ready();
      say(`Node ${node.addresses.name}: Ready at ${node.addresses.address}`);
    }),
  ]);
}

async function powerOnWithImages(node: ClusterNode, archives: readonly string[]): Promise<void> {
  await node.powerOn();
  for (const archive of archives) await node.loadImage(archive);
}

async function answering({ addresses, failures }: Layout): Promise<void> {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([addresses.controlPlane]);
  await failures.eventually(
    () => resolver.resolve4('kubernetes.default.svc.cluster.local').then(() => undefined),
    {
      timeoutMs: 60_000,
    },
  );
}

function controlPlaneOf({
  addresses,
  binaries,
  slot,
  pki,
  api,
  failures,
  options,
  newMachine,
}: Layout): ControlPlane {
  const quick = options.failover === 'quick';
  return {
    api,
    failures,
    hasNodes: options.nodes > 0,
    machine: newMachine({ name: 'control-plane', namespace: addresses.prefix, initArgs: [] }),
    parts: {
      addresses,
      binaries,
      dataDir: slot.dir,
      pkiDir: pki.dir,
      extraFlags: {
        apiServer: [...(quick ? quickFailover.apiServer : []), ...(options.apiServerFlags ?? [])],
        controllerManager: [
          ...(quick ? quickFailover.controllerManager : []),
          ...(options.controllerManagerFlags ?? []),
        ],
      },
    },
  };
}

/** Measured with these: NotReady after 7 s, pods replaced after 11 s. */
const quickFailover = {
  apiServer: ['--default-unreachable-toleration-seconds=3', '--default-not-ready-toleration-seconds=3'],
  controllerManager: ['--node-monitor-grace-period=8s', '--node-monitor-period=1s'],
};

function dnsOf({ addresses, binaries, slot, pki, options, newMachine }: Layout): DnsParts | undefined {
  if (!hasDns(options)) return undefined;
  return {
    machine: newMachine({ name: 'dns', namespace: addresses.prefix, initArgs: [] }),
    command: binaries.coredns,
    dir: slot.dir,
    pkiDir: pki.dir,
  };
}

function hasDns({ dns, nodes }: ClusterOptions): boolean {
  return dns ?? nodes > 0;
}
