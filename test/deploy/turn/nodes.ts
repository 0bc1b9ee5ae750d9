/**
 * Networks of their own for an attack: who calls stands in ours, behind a router is the node of coturn, behind that the
 * node of an SFU with everything else that may be reached from there. The router matters: coturn 4.17.0 and 4.17.1 send
 * packets that pass none.
 */
import { spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../setup/run.ts';

/** Where everybody is. */
export const places = {
  caller: '10.78.0.2',
  /** A second address of the caller. */
  otherCaller: '10.78.0.3',
  coturn: '10.78.1.2',
  /** A hostNetwork SFU pod: also the address of its kubelet and its overlay network. */
  sfu: '10.78.2.2',
  controlPlane: '10.78.2.3',
  /** ClusterIP of the Service `kubernetes`. */
  apiService: '10.96.0.1',
  /** Of every cloud. */
  metadata: '169.254.169.254',
} as const;

/** A network namespace, held by a process. */
export interface NetworkNode {
  readonly pid: number;
  /** Runs a command in it. */
  sh(script: string): Promise<void>;
}

/** The namespaces; they end with this process, or by `close`. */
export interface Nodes {
  readonly coturn: NetworkNode;
  readonly sfu: NetworkNode;
  close(): void;
}

/** Must run in a network namespace of its own: it takes what it finds for the caller's. */
export async function raiseNodes(): Promise<Nodes> {
  const [router, coturn, sfu] = [await node(), await node(), await node()];
  await run('ip', ['link', 'set', 'lo', 'up']);
  await cable(undefined, { to: router, near: 'caller', far: 'outside' });
  await cable(router, { to: coturn, near: 'inside', far: 'front' });
  await cable(coturn, { to: sfu, near: 'back', far: 'front' });
  await run('sh', ['-ec', addresses([places.caller, places.otherCaller], 'caller') + via('10.78.0.1')]);
  await router.sh(`${addresses(['10.78.0.1'], 'outside')}${addresses(['10.78.1.1'], 'inside')}${forwarding}`);
  await coturn.sh(
    `${addresses([places.coturn], 'front')}${addresses(['10.78.2.1'], 'back')}${via('10.78.1.1')}`,
  );
  await coturn.sh(
    `ip route add ${places.metadata} via ${places.sfu}; ip route add 10.96.0.0/12 via ${places.sfu}`,
  );
  await sfu.sh(`${addresses([places.sfu, places.controlPlane], 'front')}${via('10.78.2.1')}`);
  await sfu.sh(addresses([places.apiService, places.metadata], 'lo', 32));
  return { coturn, sfu, close: () => [router, coturn, sfu].forEach(({ pid }) => process.kill(pid)) };
}

const forwarding = 'echo 1 > /proc/sys/net/ipv4/ip_forward; ip route add 10.78.2.0/24 via 10.78.1.2;';
const via = (gateway: string): string => `ip route add default via ${gateway};`;

function addresses(list: readonly string[], link: string, prefix = 24): string {
  return list.map((address) => `ip addr add ${address}/${prefix} dev ${link};`).join('');
}

async function node(): Promise<NetworkNode> {
  const child = spawn('unshare', ['--net', 'sleep', '300'], { stdio: 'ignore' });
  const pid = child.pid ?? 0;
  const network = (of: number | 'self'): string => readlinkSync(`/proc/${of}/ns/net`);
  while (network(pid) === network('self')) await sleep(10);
  const sh = async (script: string): Promise<void> => {
    await run('nsenter', [`--net=/proc/${pid}/ns/net`, 'sh', '-ec', script]);
  };
  await sh('ip link set lo up');
  return { pid, sh };
}

async function cable(
  from: NetworkNode | undefined,
  { to, near, far }: { readonly to: NetworkNode; readonly near: string; readonly far: string },
): Promise<void> {
  const script = `ip link add ${near} type veth peer name ${far} netns /proc/${to.pid}/ns/net; ip link set ${near} up`;
  await (from === undefined ? run('sh', ['-ec', script]) : from.sh(script));
  await to.sh(`ip link set ${far} up`);
}
