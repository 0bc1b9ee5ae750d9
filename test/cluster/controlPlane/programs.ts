/** PURE: the programs of the control plane and their flags. */
import type { Addresses } from '../addresses.ts';
import type { Binaries } from '../binaries.ts';
import type { Program } from '../machine.ts';

/** What the flags depend on. */
export interface ControlPlaneParts {
  readonly addresses: Addresses;
  readonly binaries: Binaries;
  /** Where etcd keeps its data. */
  readonly dataDir: string;
  /** Certificates, keys, kubeconfigs, as pki.ts writes them. */
  readonly pkiDir: string;
  readonly extraFlags: ExtraFlags;
}

/** Appended to a program's own; a flag that is given twice counts as given last. */
export interface ExtraFlags {
  readonly apiServer: readonly string[];
  readonly controllerManager: readonly string[];
}

const clientUrl = 'http://127.0.0.1:2379';
const peerUrl = 'http://127.0.0.1:2380';

/** The store. Syncs nothing to disk: it has to survive a kill, not a power cut of the real machine. */
export function etcd({ binaries, dataDir }: ControlPlaneParts): Program {
  return program('etcd', binaries.etcd, {
    name: 'rtc',
    'data-dir': `${dataDir}/etcd`,
    'listen-client-urls': clientUrl,
    'advertise-client-urls': clientUrl,
    'listen-peer-urls': peerUrl,
    'initial-advertise-peer-urls': peerUrl,
    'initial-cluster': `rtc=${peerUrl}`,
    'unsafe-no-fsync': 'true',
    'log-level': 'warn',
  });
}

/** The API server. */
export function apiServer({ addresses, binaries, pkiDir, extraFlags }: ControlPlaneParts): Program {
  const file = (name: string): string => `${pkiDir}/${name}`;
  const flags = {
    'etcd-servers': clientUrl,
    'bind-address': '0.0.0.0',
    'secure-port': '6443',
    'advertise-address': addresses.controlPlane,
    'service-cluster-ip-range': addresses.serviceNetwork,
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    'allow-privileged': 'true',
    'client-ca-file': file('ca.crt'),
    'tls-cert-file': file('apiserver.crt'),
    'tls-private-key-file': file('apiserver.key'),
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'service-account-key-file': file('tokens.pub'),
    'service-account-signing-key-file': file('tokens.key'),
    'kubelet-client-certificate': file('kubelet-client.crt'),
    'kubelet-client-key': file('kubelet-client.key'),
    'kubelet-certificate-authority': file('ca.crt'),
    'kubelet-preferred-address-types': 'InternalIP',
    'requestheader-client-ca-file': file('front-proxy-ca.crt'),
    'requestheader-allowed-names': 'front-proxy-client',
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-username-headers': 'X-Remote-User',
    'proxy-client-cert-file': file('front-proxy-client.crt'),
    'proxy-client-key-file': file('front-proxy-client.key'),
    // There is no kube-proxy beside it: Services are resolved to pod addresses.
    'enable-aggregator-routing': 'true',
    profiling: 'false',
  };
  return program('kube-apiserver', binaries['kube-apiserver'], flags, extraFlags.apiServer);
}

/** The controllers. Without nodes, the one that declares silent nodes dead is off: Node objects are then a test's own. */
export function controllerManager(parts: ControlPlaneParts, hasNodes: boolean): Program {
  const { binaries, pkiDir, extraFlags } = parts;
  const flags = {
    ...clientFlags(`${pkiDir}/controller-manager.kubeconfig`),
    'use-service-account-credentials': 'true',
    'service-account-private-key-file': `${pkiDir}/tokens.key`,
    'root-ca-file': `${pkiDir}/ca.crt`,
    'cluster-signing-cert-file': `${pkiDir}/ca.crt`,
    'cluster-signing-key-file': `${pkiDir}/ca.key`,
    'client-ca-file': `${pkiDir}/ca.crt`,
    'requestheader-client-ca-file': `${pkiDir}/front-proxy-ca.crt`,
    'allocate-node-cidrs': 'false',
    controllers: hasNodes ? '*' : '*,-node-lifecycle-controller',
  };
  const command = binaries['kube-controller-manager'];
  return program('kube-controller-manager', command, flags, extraFlags.controllerManager);
}

/** The scheduler. */
export function scheduler({ binaries, pkiDir }: ControlPlaneParts): Program {
  return program('kube-scheduler', binaries['kube-scheduler'], clientFlags(`${pkiDir}/scheduler.kubeconfig`));
}

/** At the default of 20 requests per second the controllers take 5 s longer to start. */
function clientFlags(kubeconfig: string): Readonly<Record<string, string>> {
  return {
    kubeconfig,
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'bind-address': '127.0.0.1',
    'leader-elect': 'false',
    'kube-api-qps': '500',
    'kube-api-burst': '1000',
  };
}

function program(
  name: string,
  command: string,
  ...flags: readonly [Readonly<Record<string, string>>, (readonly string[])?]
): Program {
  const [own, extra = []] = flags;
  return {
    name,
    command,
    args: [...Object.entries(own).map(([key, value]) => `--${key}=${value}`), ...extra],
  };
}
