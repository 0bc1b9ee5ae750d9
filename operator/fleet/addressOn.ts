/** Which addresses the SFU pod on a node tells its clients, from the sources in their order. */
import { isIP, isIPv4 } from 'node:net';
import type { RtcCluster } from '../api/rtccluster.ts';
import { isAdvertisable } from './address.ts';
import type { NodeView } from './nodes/node.ts';
import type { Reason } from './pod.ts';

/** `spec.network.address`. */
export type AddressSpec = RtcCluster['spec']['network']['address'];
type Source = AddressSpec['sources'][number];

/** ConfigMaps by name: node → what to advertise there. */
export type AddressMaps = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What to advertise on a node, or why nothing can be. */
export type AddressDecision =
  { readonly ok: true; readonly annotation: string } | ({ readonly ok: false } & Reason);

/** Walks the sources in order; the first hit comes first in the annotation. */
export function addressOn(node: NodeView, spec: AddressSpec, maps: AddressMaps = {}): AddressDecision {
  const obstacle = withoutIPv4(node) ?? missingMap(spec, maps);
  if (obstacle !== undefined) return { ok: false, ...obstacle };
  const first = spec.sources
    .map((source) => ({ source, text: textOf(source, node, maps) }))
    .find(({ text }) => text !== undefined);
  if (first?.text !== undefined && !isAdvertisable(first.text))
    return { ok: false, ...misspelt(first.source, node, first.text) };
  const internal = ofType(node, 'InternalIP');
  const advertised = {
    External: [first?.text],
    Internal: [internal],
    ExternalAndInternal: [first?.text, internal],
  }[spec.advertise].filter((address) => address !== undefined);
  if (advertised.length > 0) return { ok: true, annotation: [...new Set(advertised)].join(',') };
  return { ok: false, ...missing(node, spec) };
}

function textOf(source: Source, node: NodeView, maps: AddressMaps): string | undefined {
  switch (source.type) {
    case 'ConfigMap':
      return written(maps[source.name ?? '']?.[node.name]);
    case 'NodeAnnotation':
      return written(node.annotations[source.key ?? '']);
    case 'NodeExternalIP':
      return ofType(node, 'ExternalIP');
    case 'NodeInternalIP':
      return ofType(node, 'InternalIP');
  }
}

/** What is left empty is as good as not there. */
function written(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? undefined : trimmed;
}

/** Only IPv4: media is bound to the address of the node that the API has, too. */
function ofType(node: NodeView, type: string): string | undefined {
  return node.addresses.find((entry) => entry.type === type && isIPv4(entry.address))?.address;
}

/** The Calls plugin asks DNS for A records alone: what has none is never found. */
function withoutIPv4({ name, addresses }: NodeView): Reason | undefined {
  const internal = addresses.filter(({ type, address }) => type === 'InternalIP' && isIP(address) !== 0);
  if (internal.length === 0 || internal.some(({ address }) => isIPv4(address))) return undefined;
  return {
    reason: 'IPv6Only',
    message: `Node ${name} has only IPv6 addresses (${internal.map(({ address }) => address).join(', ')}), and Mattermost looks for hosts by A records alone: give the node an IPv4 InternalIP (dual stack), or keep pods off it by placement.nodeSelector`,
  };
}

/** Passing it over would advertise an address that nobody chose. */
function missingMap({ sources }: AddressSpec, maps: AddressMaps): Reason | undefined {
  const names = sources.flatMap(({ type, name }) => (type === 'ConfigMap' ? [name ?? ''] : []));
  const absent = names.find((name) => maps[name] === undefined);
  if (absent === undefined) return undefined;
  return {
    reason: 'AddressMapMissing',
    message: `ConfigMap ${absent} of network.address.sources is not there, or has not the label rtc.progressnet.gr/cluster with the name of the cluster: create it, or label it`,
  };
}

function misspelt(source: Source, { name }: NodeView, text: string): Reason {
  const where = source.type === 'ConfigMap' ? `ConfigMap ${source.name}` : `Annotation ${source.key}`;
  return {
    reason: 'InvalidNodeAddress',
    message: `${where} says "${text.slice(0, 64)}" for node ${name}: write an IPv4 address, or address:port`,
  };
}

function missing({ name }: NodeView, { sources }: AddressSpec): Reason {
  const asked = sources.map(sourceText).join(', ');
  return {
    reason: 'NoNodeAddress',
    message: `Node ${name} has no IPv4 address of ${asked}: give it one, or change network.address.sources`,
  };
}

function sourceText({ type, name, key }: Source): string {
  return [type, name ?? key].filter((part) => part !== undefined).join(' ');
}
