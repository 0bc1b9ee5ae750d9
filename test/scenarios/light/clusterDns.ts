/** The addresses of one name as the cluster's own CoreDNS gives them, asked again and again. */
import { Resolver } from 'node:dns/promises';
import type { Cluster } from '../../cluster/options.ts';
import type { DnsName } from '../sim/dns.ts';

const everyMs = 100;

/** A name that is followed until `stop`. */
export function followName(
  { dnsServer }: Pick<Cluster, 'dnsServer'>,
  name: string,
): DnsName & { stop(): void } {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([dnsServer]);
  let addresses: readonly string[] = [];
  let isStopped = false;
  const ask = async (): Promise<void> => {
    // No answer and an empty one are the same to the plugin: it keeps what it has.
    addresses = await resolver.resolve4(name).catch(() => []);
    if (!isStopped) setTimeout(() => void ask(), everyMs);
  };
  void ask();
  return {
    resolve: () => addresses,
    stop() {
      isStopped = true;
      resolver.cancel();
    },
  };
}
