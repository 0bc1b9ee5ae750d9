/** PURE: the programs of a node; what they read is in files.ts. */
import type { Binaries } from '../binaries.ts';
import type { Program } from '../machine.ts';
import type { NodeParts } from './files.ts';

/** Debian's. */
export function containerd({ dir }: NodeParts): Program {
  return { name: 'containerd', command: 'containerd', args: [`--config=${dir}/containerd.toml`] };
}

/** Registers the node when it starts. */
export function kubelet({ dir, pkiDir, node }: NodeParts, binaries: Binaries): Program {
  return {
    name: 'kubelet',
    command: binaries.kubelet,
    args: [
      `--config=${dir}/kubelet.json`,
      `--kubeconfig=${pkiDir}/${node.name}.kubeconfig`,
      `--hostname-override=${node.name}`,
      `--node-ip=${node.address}`,
      '--root-dir=/var/lib/kubelet',
    ],
  };
}

/** Looks its node up once at start, and then not again for half a minute: the Node object has to be there. */
export function kubeProxy({ dir }: NodeParts, binaries: Binaries): Program {
  return {
    name: 'kube-proxy',
    command: binaries['kube-proxy'],
    args: [`--config=${dir}/kube-proxy.json`],
  };
}
