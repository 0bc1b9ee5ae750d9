/** Whether strangers can listen in on what Mattermost and the pods say to each other. */
import { isPublic, publicEntry } from '../../fleet/address.ts';
import type { Member } from '../../fleet/members.ts';
import { hasApiTls } from '../services.ts';
import { namedPods, type ConditionInput, type Verdict } from './verdict.ts';

/** APIExposureSafe: the API listens on no public address in the clear. Clients' keys and the admin key pass through it. */
export function apiExposureSafe(input: ConditionInput): Verdict {
  const { cluster, decision } = input;
  const type = 'APIExposureSafe';
  const { apiBind, apiPort } = cluster.spec.network;
  const placed = decision.members.filter(({ pod }) => pod.node !== undefined);
  if (placed.length === 0)
    return { type, status: 'Unknown', reason: 'NoNodeYet', message: 'No pod has a node yet' };
  const outside = cluster.spec.discovery.external?.addresses === 'Advertised';
  const open = [
    ...new Set(
      placed.flatMap((member) => [
        ...publicAddresses(member, apiBind),
        ...(outside ? [publicEntry(member.address)].filter(isPublic) : []),
      ]),
    ),
  ];
  if (open.length === 0)
    return {
      type,
      status: 'True',
      reason: 'PrivateAddresses',
      message: `TCP ${apiPort} listens on private addresses only: forward it to nobody but Mattermost`,
    };
  const where = `TCP ${apiPort} is reached on ${listed(open)}`;
  if (hasApiTls(cluster))
    return {
      type,
      status: 'True',
      reason: 'PublicWithTLS',
      message: `${where}, encrypted: open it in the firewall to Mattermost alone`,
    };
  return {
    type,
    status: 'False',
    reason: 'PublicWithoutTLS',
    message: `${where}, without TLS: ${fix(input)}`,
  };
}

/** Where the pod's API can be reached from the Internet, as far as its node says. A name outside may lead past a NAT, too. */
function publicAddresses({ pod }: Member, apiBind: 'NodeInternalIP' | 'All'): string[] {
  return (pod.node?.addresses ?? [])
    .filter(({ type }) => apiBind === 'All' || type === 'InternalIP')
    .map(({ address }) => address)
    .filter(isPublic);
}

function listed(addresses: readonly string[]): string {
  const rest = addresses.length - namedPods;
  return addresses.slice(0, namedPods).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function fix({ cluster }: ConditionInput): string {
  const encrypt = 'use a second RTCCluster with tls.api';
  const { discovery, network } = cluster.spec;
  if (discovery.external !== undefined) return `Mattermost's keys cross the Internet, so ${encrypt}`;
  return network.apiBind === 'All'
    ? `set network.apiBind: NodeInternalIP, or ${encrypt}; until then let the firewall pass Mattermost alone`
    : `the InternalIP of these nodes is a public address, so ${encrypt}; until then let the firewall pass Mattermost alone`;
}
