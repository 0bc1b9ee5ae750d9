/** Which addresses an SFU pod tells its clients, from what its node says. */
import { BlockList, isIPv4 } from 'node:net';
import type { RtcCluster } from '../api/rtccluster.ts';
import type { NodeView } from './nodes/node.ts';
import type { Reason } from './pod.ts';

type AddressSpec = RtcCluster['spec']['network']['address'];

/** Ranges that the Internet does not route: RFC 1918, 6598, 3927, 1122. */
const privateRanges = new BlockList();
privateRanges.addSubnet('10.0.0.0', 8);
privateRanges.addSubnet('172.16.0.0', 12);
privateRanges.addSubnet('192.168.0.0', 16);
privateRanges.addSubnet('100.64.0.0', 10);
privateRanges.addSubnet('169.254.0.0', 16);
privateRanges.addSubnet('127.0.0.0', 8);

/** Whether clients on the Internet can be expected to reach this IPv4 address. */
export function isPublic(address: string): boolean {
  return isIPv4(address) && !privateRanges.check(address);
}

/** The first entry of the pod's address annotation, without a port. */
export function publicEntry(annotation: string): string {
  return annotation.split(',')[0]?.split(':')[0] ?? '';
}

/** What to advertise on a node, or why nothing can be. */
export type AddressDecision =
  { readonly ok: true; readonly annotation: string } | ({ readonly ok: false } & Reason);

/** Walks the sources in order; the first hit comes first in the annotation. */
export function addressOn(node: NodeView, spec: AddressSpec): AddressDecision {
  const internal = ofType(node, 'InternalIP');
  const found = spec.sources
    .map(({ type }) => ofType(node, type.replace('Node', '')))
    .find((address) => address !== undefined);
  const advertised = {
    External: [found],
    Internal: [internal],
    ExternalAndInternal: [found, internal],
  }[spec.advertise].filter((address) => address !== undefined);
  if (advertised.length > 0) return { ok: true, annotation: [...new Set(advertised)].join(',') };
  const sources = spec.sources.map(({ type }) => type).join(', ');
  return {
    ok: false,
    reason: 'NoNodeAddress',
    message: `Node ${node.name} has no IPv4 address of ${sources}: give it one, or change network.address.sources`,
  };
}

/** Only IPv4: the Calls plugin asks DNS for A records alone. */
function ofType(node: NodeView, type: string): string | undefined {
  return node.addresses.find((entry) => entry.type === type && isIPv4(entry.address))?.address;
}
