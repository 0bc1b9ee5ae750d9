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
