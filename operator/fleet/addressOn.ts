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

/** What there is to find addresses in, beside the node itself. */
export interface AddressHints {
  /** Default: none. */
  readonly maps?: AddressMaps;
  /** Of the SFU on this node: empty when no server answered it, absent while none was asked. */
  readonly stunAddress?: string | undefined;
}

/** An SFU that STUN servers keep waiting may soon know better than the sources behind them. */
const awaiting = 'AwaitingSTUN';

/** Whether the answer may be there in a moment. */
export function isAwaiting(decision: AddressDecision): boolean {
  return !decision.ok && decision.reason === awaiting;
}

/** Walks the sources in order; the first hit comes first in the annotation. */
export function addressOn(node: NodeView, spec: AddressSpec, hints: AddressHints = {}): AddressDecision {
  const first = spec.sources
    .map((source) => ({ source, text: textOf(source, node, hints) }))
    .find(({ source, text }) => text !== undefined || isUnasked(source, hints));
  const obstacle = withoutIPv4(node) ?? missingMap(spec, hints) ?? (first && useless(first, node));
  if (obstacle !== undefined) return { ok: false, ...obstacle };
  const internal = ofType(node, 'InternalIP');
  const advertised = {
    External: [first?.text],
    Internal: [internal],
    ExternalAndInternal: [first?.text, internal],
  }[spec.advertise].filter((address) => address !== undefined);
  if (advertised.length > 0) return { ok: true, annotation: [...new Set(advertised)].join(',') };
  return { ok: false, ...missing(node, spec) };
}

function isUnasked({ type }: Source, { stunAddress }: AddressHints): boolean {
  return type === 'STUN' && stunAddress === undefined;
}

function textOf(
  source: Source,
  node: NodeView,
  { maps = {}, stunAddress }: AddressHints,
): string | undefined {
  switch (source.type) {
    case 'STUN':
      return written(stunAddress);
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
function missingMap({ sources }: AddressSpec, { maps = {} }: AddressHints): Reason | undefined {
  const names = sources.flatMap(({ type, name }) => (type === 'ConfigMap' ? [name ?? ''] : []));
  const absent = names.find((name) => maps[name] === undefined);
  if (absent === undefined) return undefined;
  return {
    reason: 'AddressMapMissing',
    message: `ConfigMap ${absent} of network.address.sources is not there, or has not the label rtc.progressnet.gr/cluster with the name of the cluster: create it, or label it`,
  };
}

/** A hit that is none. */
function useless(
  { source, text }: { readonly source: Source; readonly text: string | undefined },
  node: NodeView,
): Reason | undefined {
  if (text === undefined) return unanswered(node);
  return isAdvertisable(text) ? undefined : misspelt(source, node, text);
}

function unanswered({ name }: NodeView): Reason {
  return {
    reason: awaiting,
    message: `The SFU on node ${name} has not heard from the STUN servers of network.address.sources yet`,
  };
}

function misspelt(source: Source, { name }: NodeView, text: string): Reason {
  const where = sourceText(source);
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
