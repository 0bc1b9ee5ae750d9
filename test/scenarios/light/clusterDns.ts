/** The addresses of one name as the cluster's own CoreDNS gives them, asked again and again, as the plugin asks. */
import { discoverByDns } from '../../../demo/page/server/discovery.ts';
import type { Cluster } from '../../cluster/options.ts';
import type { DnsName } from '../sim/dns.ts';

const everyMs = 100;

/** A name that is followed until `stop`. */
export function followName(
  { dnsServer }: Pick<Cluster, 'dnsServer'>,
  name: string,
): DnsName & { stop(): Promise<void> } {
  const discover = discoverByDns(name, dnsServer);
  let addresses: readonly string[] = [];
  let isStopped = false;
  const follow = async (): Promise<void> => {
    while (!isStopped) {
      const answer = await discover();
      // No answer and an empty one are the same to the plugin: it keeps what it has.
      addresses = answer.ok ? answer.addresses : [];
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  };
  const following = follow();
  return {
    resolve: () => addresses,
    async stop() {
      isStopped = true;
      await following;
    },
  };
}
