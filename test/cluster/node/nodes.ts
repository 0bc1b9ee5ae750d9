/** All nodes of a cluster: their control groups, then each with its files. */
import { join } from 'node:path';
import type { NodeAddresses } from '../addresses.ts';
import { cgroupPlan } from '../cgroups.ts';
import { makeCgroups, readCgroupFacts } from '../cgroupFiles.ts';
import { pauseImage } from '../images/base.ts';
import type { Layout } from '../layout.ts';
import { createNode } from './node.ts';
import type { ClusterNode } from './node.ts';

/** Makes their control groups and writes their files; starts nothing. */
export async function createNodes(
  layout: Layout,
  nodes: readonly NodeAddresses[],
): Promise<readonly ClusterNode[]> {
  if (nodes.length === 0) return [];
  const plan = cgroupPlan(
    readCgroupFacts(),
    nodes.map(({ namespace }) => namespace),
  );
  if (!plan.ok) throw new Error(plan.reason);
  layout.slot.recordCgroups(plan.steps);
  await makeCgroups(plan.steps);
  return nodes.map((node) => createNode(nodeOptions(layout, node, plan.steps.roots[node.namespace] ?? '')));
}

function nodeOptions(
  layout: Layout,
  node: NodeAddresses,
  cgroupRoot: string,
): Parameters<typeof createNode>[0] {
  const { options, addresses, pki, slot, binaries, api, failures, newMachine } = layout;
  const dir = join(slot.dir, node.name);
  return {
    machine: newMachine({ name: node.name, namespace: node.namespace, initArgs: [dir] }),
    binaries,
    api,
    failures,
    parts: {
      addresses,
      node,
      dir,
      cgroupRoot,
      pauseImage,
      pkiDir: pki.dir,
      failover: options.failover ?? 'default',
      proxyMode: options.proxyMode ?? 'nftables',
    },
  };
}
