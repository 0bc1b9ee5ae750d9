/** What a test or a demo says about the cluster it wants, and what it gets. */
import type { Say } from '../setup/progress.ts';
import type { KeyAndCertificate } from './certificates.ts';
import type { Failover } from './node/files.ts';
import type { ToolRunner } from './toolRunner.ts';

/** All optional but the number of nodes. */
export interface ClusterOptions {
  /** 0: control plane only (a few seconds); 1 to 9: with real nodes. */
  readonly nodes: number;
  /** Image archives for every node, beside the base images. */
  readonly images?: readonly string[];
  /** CoreDNS on the switch. Default: when there are nodes. */
  readonly dns?: boolean;
  /** Default `default`; see there. */
  readonly failover?: Failover;
  /** Default nftables. */
  readonly proxyMode?: 'nftables' | 'iptables';
  /** e.g. `--v=4`. */
  readonly apiServerFlags?: readonly string[];
  readonly controllerManagerFlags?: readonly string[];
  /** Logs go here and stay; default: with the cluster's other files, removed by `stop`. */
  readonly logDir?: string;
  /** Told of each step. Default: silence. */
  readonly say?: Say;
}

/** A node as the outside sees it. */
export interface NodeInfo {
  readonly name: string;
  readonly address: string;
}

/** A running cluster. All of it ends with `stop`, or soon after the process that started it. */
export interface Cluster extends ToolRunner {
  /** `rtc0`: network namespace of the switch, and prefix of all names. */
  readonly name: string;
  /** Path of the administrator's kubeconfig; good on the machine and inside of the cluster. */
  readonly kubeconfig: string;
  /** https://10.99.0.1:6443, reachable from the machine. */
  readonly server: string;
  /** PEM of the authority that signed the API server's certificate, and the administrator's own certificate. */
  readonly authority: string;
  readonly admin: KeyAndCertificate;
  /** A certificate of the cluster's authority for a server of a test's own, for names or IPv4 addresses. */
  issueServerCertificate(names: readonly string[]): KeyAndCertificate;
  readonly nodes: readonly NodeInfo[];
  /** Address of the cluster's DNS, port 53; answers the machine too. */
  readonly dnsServer: string;
  /** The machine's own address on the node network: pods reach servers of a test there. */
  readonly machineAddress: string;
  /** One folder per machine, one file per program. */
  readonly logDir: string;
  /** Path of the tools, for those who run them themselves. */
  readonly kubectlPath: string;
  readonly helmPath: Readonly<Record<3 | 4, string>>;
  /** Puts an image archive on all nodes at once; a node without power gets it later. */
  loadImage(archive: string): Promise<void>;
  /** Ends every process of a machine at once, as a power cut would: `control-plane`, `dns` or a node. */
  powerOff(machine: string): Promise<void>;
  /** The machine starts again with its disk as it was. A control plane answers when this resolves; a node joins soon. */
  powerOn(machine: string): Promise<void>;
  /** Pulls a node's network cable, or only keeps it from the control plane: media flows on. */
  cutOff(node: string, from?: 'everything' | 'control-plane'): Promise<void>;
  /** Undoes both. */
  reconnect(node: string): Promise<void>;
  /** Programs that ended although nobody told them to. */
  readonly failures: readonly Error[];
  /** Ends and removes all of it. Safe to call twice. */
  stop(): Promise<void>;
}
