/** Addresses on the link of a test cluster: Kubernetes takes no loopback address for an endpoint. They go with the link. */
import type { Cluster } from '../cluster/options.ts';
import { run } from '../setup/run.ts';

/** Beyond what the cluster gives to its machines. */
const firstHost = 101;

/** Address `index` of those that a test may use, from 0 to 150; this machine answers on it from now on. */
export async function linkAddress(
  { machineAddress }: Pick<Cluster, 'machineAddress'>,
  index: number,
): Promise<string> {
  const address = machineAddress.replace(/\d+$/, String(firstHost + index));
  await run('ip', ['address', 'replace', `${address}/32`, 'dev', await linkWith(machineAddress)]);
  return address;
}

/** The network interface that has this address. */
async function linkWith(address: string): Promise<string> {
  const { stdout } = await run('ip', ['-json', 'address', 'show', 'to', address]);
  const links = JSON.parse(stdout) as readonly { readonly ifname?: string }[];
  const found = links.find(({ ifname }) => ifname !== undefined)?.ifname;
  if (found === undefined) throw new Error(`no interface has ${address}`);
  return found;
}

/** Beside the pod networks of all clusters, 10.100 to 10.149. */
const firstNetwork = 150;

/**
 * Addresses without end, 0 to 63,999, of a network of their own: this machine answers on each of them, and nothing is
 * set up for one alone (a local route, as ip-route(8) has it). It goes with the cluster's link.
 */
export async function linkNetwork({
  machineAddress,
}: Pick<Cluster, 'machineAddress'>): Promise<(index: number) => string> {
  const slot = Number(machineAddress.split('.')[2]);
  const network = `10.${firstNetwork + slot}`;
  await run('ip', ['route', 'replace', 'local', `${network}.0.0/16`, 'dev', await linkWith(machineAddress)]);
  return (index) => `${network}.${Math.floor(index / 250)}.${(index % 250) + 1}`;
}
