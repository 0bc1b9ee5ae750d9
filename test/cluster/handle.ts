/** What a running cluster can be asked to do. */
import { join } from 'node:path';
import { startControlPlane } from './controlPlane/start.ts';
import type { ControlPlane } from './controlPlane/start.ts';
import { startDns } from './dns.ts';
import type { DnsParts } from './dns.ts';
import type { Layout } from './layout.ts';
import { setControlPlaneRoute, setLink } from './network.ts';
import type { ClusterNode } from './node/node.ts';
import type { Cluster } from './options.ts';
import { createToolRunner } from './toolRunner.ts';
import type { Tools } from './tools.ts';

/** The machines of a cluster and what runs on them. */
export interface ClusterParts {
  readonly controlPlane: ControlPlane;
  readonly dns: DnsParts | undefined;
  readonly nodes: readonly ClusterNode[];
}

/** The handle on a cluster that is up. */
export function clusterHandle(layout: Layout, parts: ClusterParts, tools: Tools): Cluster {
  const { addresses, pki, slot } = layout;
  const { nodes } = parts;
  return {
    name: addresses.prefix,
    kubeconfig: layout.kubeconfig,
    server: addresses.apiServer,
    authority: pki.authority.certificate,
    admin: pki.admin,
    issueServerCertificate: (names) =>
      pki.authority.issue({ subject: { commonName: 'test-server' }, usage: 'server', names }),
    nodes: nodes.map(({ addresses: { name, address } }) => ({ name, address })),
    dnsServer: addresses.controlPlane,
    machineAddress: addresses.machine,
    logDir: layout.logDir,
    failures: layout.failures.all,
    kubectlPath: tools.kubectl,
    helmPath: tools.helm,
    ...createToolRunner(tools, layout.kubeconfig, join(slot.dir, 'tools')),
    async loadImage(archive) {
      await Promise.all(nodes.map((node) => node.loadImage(archive)));
    },
    powerOff: (machine) => powers(parts, machine).off(),
    powerOn(machine) {
      layout.failures.acknowledge();
      return powers(parts, machine).on();
    },
    cutOff: (name, from = 'everything') => {
      const node = nodeNamed(nodes, name).addresses;
      const cut = from === 'everything' ? setLink : setControlPlaneRoute;
      return cut(addresses, node, 'down');
    },
    async reconnect(name) {
      const node = nodeNamed(nodes, name).addresses;
      await setLink(addresses, node, 'up');
      await setControlPlaneRoute(addresses, node, 'up');
    },
    stop: () => layout.remove(),
  };
}

interface Powers {
  readonly on: () => Promise<void>;
  readonly off: () => Promise<void>;
}

function powers({ controlPlane, dns, nodes }: ClusterParts, machine: string): Powers {
  if (machine === 'control-plane')
    return { on: () => startControlPlane(controlPlane), off: () => controlPlane.machine.powerOff() };
  if (machine === 'dns' && dns !== undefined)
    return { on: () => startDns(dns), off: () => dns.machine.powerOff() };
  const node = nodeNamed(nodes, machine);
  return {
    async on() {
      await node.powerOn();
      await node.join();
    },
    off: () => node.powerOff(),
  };
}

function nodeNamed(nodes: readonly ClusterNode[], name: string): ClusterNode {
  const node = nodes.find(({ addresses }) => addresses.name === name);
  if (node !== undefined) return node;
  const names = nodes.map(({ addresses }) => addresses.name).join(', ');
  throw new Error(`there is no machine ${name}; the nodes are: ${names || 'none'}`);
}
