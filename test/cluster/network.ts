/**
 * The node network: a switch in a namespace of its own, one port per node and
 * one for the machine. Nothing in it leads to the machine's other networks.
 */
import { existsSync } from 'node:fs';
import { run } from '../setup/run.ts';
import type { Addresses, NodeAddresses } from './addresses.ts';

const machinePort = 'machine';

/** PURE: the lines for `ip -batch` that build it, in the machine's own namespace and in the cluster's. */
export interface NetworkPlan {
  readonly machine: readonly string[];
  readonly namespaces: Readonly<Record<string, readonly string[]>>;
}

/** What to build for these addresses. */
export function networkPlan(cluster: Addresses, nodes: readonly NodeAddresses[]): NetworkPlan {
  const { prefix } = cluster;
  return {
    machine: [
      ...[prefix, ...nodes.map(({ namespace }) => namespace)].map((name) => `netns add ${name}`),
      `link add ${prefix} type veth peer name ${machinePort} netns ${prefix}`,
      `addr add ${cluster.machine}/24 dev ${prefix}`,
      `link set ${prefix} up`,
      ...nodes.map(({ podRange, address }) => `route add ${podRange} via ${address}`),
    ],
    namespaces: {
      [prefix]: [
        'link set lo up',
        'link add switch type bridge',
        `addr add ${cluster.controlPlane}/24 dev switch`,
        'link set switch up',
        ...plugIn(machinePort),
        ...nodes.flatMap(({ name, namespace }) => [
          `link add ${name} type veth peer name eth0 netns ${namespace}`,
          ...plugIn(name),
        ]),
        ...nodes.map(({ podRange, address }) => `route add ${podRange} via ${address}`),
      ],
      ...Object.fromEntries(nodes.map((node) => [node.namespace, nodeLines(cluster, node, nodes)])),
    },
  };
}

function plugIn(port: string): readonly string[] {
  return [`link set ${port} master switch`, `link set ${port} up`];
}

function nodeLines(
  cluster: Addresses,
  node: NodeAddresses,
  nodes: readonly NodeAddresses[],
): readonly string[] {
  return [
    'link set lo up',
    `addr add ${node.address}/24 dev eth0`,
    'link set eth0 up',
    // Kubernetes parts want to have a default route; this one ends at the switch.
    `route add default via ${cluster.controlPlane}`,
    ...nodes
      .filter(({ index }) => index !== node.index)
      .map(({ podRange, address }) => `route add ${podRange} via ${address}`),
  ];
}

/** Builds it. */
export async function buildNetwork(plan: NetworkPlan): Promise<void> {
  const isNamespace = (line: string): boolean => line.startsWith('netns ');
  await ip([], plan.machine.filter(isNamespace));
  await ip(
    [],
    plan.machine.filter((line) => !isNamespace(line) && !line.startsWith('route ')),
  );
  for (const [namespace, lines] of Object.entries(plan.namespaces)) await ip(['-n', namespace], lines);
  await ip(
    [],
    plan.machine.filter((line) => line.startsWith('route ')),
  );
}

/** Pulls or plugs a node's cable, at the switch. */
export async function setLink(cluster: Addresses, node: NodeAddresses, state: 'up' | 'down'): Promise<void> {
  await ip(['-n', cluster.prefix], [`link set ${node.name} ${state}`]);
}

/** Drops what a node sends to the control plane, or no longer: its other neighbours hear it all the time. */
export async function setControlPlaneRoute(
  cluster: Addresses,
  node: NodeAddresses,
  state: 'up' | 'down',
): Promise<void> {
  const route = `blackhole ${cluster.controlPlane}/32`;
  const line = state === 'down' ? `route replace ${route}` : `route flush type ${route}`;
  await ip(['-n', node.namespace], [line]);
}

/** Removes the namespaces, and with them every link that has an end in one. Says nothing about those that are not there. */
export async function removeNetwork(namespaces: readonly string[]): Promise<void> {
  await ip(
    [],
    namespaces.filter((name) => existsSync(`/run/netns/${name}`)).map((name) => `netns del ${name}`),
  );
}

async function ip(options: readonly string[], lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await run('ip', [...options, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}
