/** Whether a Mattermost outside the cluster finds the pods. */
import { namedAddress } from '../outside.ts';
import type { ConditionInput, Verdict } from './verdict.ts';

const type = 'ExternalNameResolves';

/** ExternalNameResolves: `discovery.external.hostname` leads to the published pods and nowhere else. None without it. */
export function externalNameResolves(input: ConditionInput): Verdict[] {
  const { cluster, name } = input;
  const { external } = cluster.spec.discovery;
  if (external === undefined) return [];
  const { hostname } = external;
  if (name?.hostname !== hostname)
    return [{ type, status: 'Unknown', reason: 'Asking', message: `${hostname} was not asked for yet` }];
  const wanted = addressesOf(input);
  const missing = wanted.filter((address) => !name.addresses.includes(address));
  const stale = name.addresses.filter((address) => !wanted.includes(address));
  return [judged(input, { hostname, problem: name.problem, wanted, missing, stale })];
}

interface Comparison {
  readonly hostname: string;
  readonly problem: string | undefined;
  readonly wanted: readonly string[];
  readonly missing: readonly string[];
  readonly stale: readonly string[];
}

function judged(input: ConditionInput, compared: Comparison): Verdict {
  const { hostname, problem, wanted, missing, stale } = compared;
  const no = (reason: string, what: string): Verdict => {
    return { type, status: 'False', reason, message: `${hostname} ${what}: ${fix(input, wanted)}` };
  };
  if (wanted.length === 0)
    return { type, status: 'Unknown', reason: 'NothingPublished', message: 'No pod is published yet' };
  if (problem !== undefined) return no('NameNotResolved', `does not resolve (${problem})`);
  if (missing.length > 0) return no('RecordsMissing', `lacks ${missing.join(', ')}`);
  if (stale.length > 0) return no('RecordsStale', `still names ${stale.join(', ')}`);
  return { type, status: 'True', reason: 'RecordsMatch', message: `${hostname} names ${wanted.join(', ')}` };
}

function fix({ cluster }: ConditionInput, wanted: readonly string[]): string {
  return cluster.spec.discovery.external?.publisher === 'ExternalDNS'
    ? 'external-dns follows within a minute or two; if not, it must run with --source=service and a --domain-filter that includes the name'
    : `set its A records to ${wanted.join(', ')}`;
}

function addressesOf({ cluster, decision }: ConditionInput): string[] {
  const { external } = cluster.spec.discovery;
  if (external === undefined) return [];
  const published = decision.members.filter(({ isPublished }) => isPublished);
  const addresses = published.map(({ pod, address }) => {
    const inside = pod.node?.addresses.find((entry) => entry.type === 'InternalIP')?.address ?? '';
    return namedAddress(external, { address, podIP: inside });
  });
  return [...new Set(addresses.filter((address) => address !== ''))].toSorted();
}
