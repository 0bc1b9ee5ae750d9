/** PURE: configuration files of the programs of a node. */
import { stringify } from 'smol-toml';
import type { Addresses, NodeAddresses } from '../addresses.ts';

/** What they depend on. */
export interface NodeParts {
  readonly addresses: Addresses;
  readonly node: NodeAddresses;
  /** The node's own files. */
  readonly dir: string;
  readonly pkiDir: string;
  /** From the cgroup plan. */
  readonly cgroupRoot: string;
  readonly pauseImage: string;
  /** How soon a silent node counts as dead. */
  readonly failover: Failover;
  readonly proxyMode: 'nftables' | 'iptables';
}

/** `default`: 50 s and then 300 s until its pods are replaced, as everywhere. `quick`: about 11 s in all. */
export type Failover = 'default' | 'quick';

/** Files by name, relative to the node's directory. */
export function nodeFiles(parts: NodeParts): Readonly<Record<string, string>> {
  return {
    'resolv.conf': `nameserver ${parts.addresses.controlPlane}\n`,
    'containerd.toml': containerdConfig(parts),
    'cni/10-rtc.conflist': json(podNetwork(parts)),
    'kubelet.json': json(kubeletConfig(parts)),
    'kube-proxy.json': json(proxyConfig(parts)),
  };
}

function json(value: object): string {
  return JSON.stringify(value, undefined, 2);
}

/** The socket of its containerd. */
export function containerdSocket(dir: string): string {
  return `${dir}/containerd.sock`;
}

function containerdConfig({ dir, pauseImage }: NodeParts): string {
  const runc = {
    runtime_type: 'io.containerd.runc.v2',
    options: { BinaryName: 'runc', SystemdCgroup: false },
  };
  return stringify({
    version: 2,
    root: `${dir}/containerd`,
    state: '/run/containerd/state',
    oom_score: 0,
    grpc: { address: containerdSocket(dir) },
    plugins: {
      'io.containerd.internal.v1.opt': { path: `${dir}/opt` },
      'io.containerd.grpc.v1.cri': {
        sandbox_image: pauseImage,
        // Neither needs rights that a container of a build machine may lack.
        restrict_oom_score_adj: true,
        disable_apparmor: true,
        // Else it leaves files in the machine's /run/netns.
        netns_mounts_under_state_dir: true,
        containerd: { snapshotter: 'overlayfs', default_runtime_name: 'runc', runtimes: { runc } },
        cni: { bin_dir: '/usr/lib/cni', conf_dir: `${dir}/cni` },
      },
    },
  });
}

function podNetwork({ node, dir }: NodeParts): object {
  return {
    cniVersion: '0.4.0',
    name: 'rtc',
    plugins: [
      {
        type: 'bridge',
        bridge: 'pods',
        isGateway: true,
        ipMasq: false,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          dataDir: `${dir}/addresses`,
          ranges: [[{ subnet: node.podRange }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
}

function kubeletConfig(parts: NodeParts): object {
  const { addresses, node, dir, pkiDir } = parts;
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: `${pkiDir}/ca.crt` },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: `${pkiDir}/${node.name}-serving.crt`,
    tlsPrivateKeyFile: `${pkiDir}/${node.name}-serving.key`,
    containerRuntimeEndpoint: `unix://${containerdSocket(dir)}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: parts.cgroupRoot,
    cgroupsPerQOS: true,
    enforceNodeAllocatable: [],
    failSwapOn: false,
    failCgroupV1: false,
    oomScoreAdj: 0,
    clusterDomain: 'cluster.local',
    clusterDNS: [addresses.controlPlane],
    resolvConf: `${dir}/resolv.conf`,
    // Images are loaded, never pulled: the kubelet must not clear them away.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '1%',
      'nodefs.inodesFree': '1%',
      'imagefs.available': '1%',
      'imagefs.inodesFree': '1%',
    },
    maxPods: 60,
    ...(parts.failover === 'quick' ? { nodeLeaseDurationSeconds: 8, nodeStatusUpdateFrequency: '2s' } : {}),
    rotateCertificates: false,
    readOnlyPort: 0,
  };
}

function proxyConfig({ addresses, node, pkiDir, proxyMode }: NodeParts): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: proxyMode,
    hostnameOverride: node.name,
    clientConnection: { kubeconfig: `${pkiDir}/proxy.kubeconfig` },
    clusterCIDR: addresses.podNetwork,
    bindAddress: '0.0.0.0',
    nodePortAddresses: ['primary'],
    oomScoreAdj: 0,
    // These are the machine's settings; zero leaves them alone.
    conntrack: {
      maxPerCore: 0,
      min: 0,
      tcpEstablishedTimeout: '0s',
      tcpCloseWaitTimeout: '0s',
      udpTimeout: '0s',
      udpStreamTimeout: '0s',
    },
  };
}
