/**
 * How the page's server learns the addresses of the SFU hosts. The plugin asks
 * DNS; where the cluster's DNS cannot be reached from outside, the EndpointSlices
 * of the headless Service say the same, for that is what DNS answers from.
 */
import { Resolver } from 'node:dns/promises';
import { isIPv4 } from 'node:net';

import type { Answer } from './hostSet.ts';
import { pluginRules } from './rules.ts';

/** Asks once. Never rejects: what went wrong is the answer's reason. */
export type Discover = () => Promise<Answer>;

/** Runs kubectl with these arguments and resolves with what it printed. */
export type Kubectl = (...args: readonly string[]) => Promise<string>;

/** Resolves `hostname` as the plugin does; `server` is `address` or `address:port`, default the machine's own. */
export function discoverByDns(hostname: string, server?: string): Discover {
  if (isIPv4(hostname)) return discoverFixed([hostname]);
  return async () => {
    // A new resolver each time: it must not remember an older answer.
    const resolver = new Resolver({ timeout: pluginRules.resolveTimeoutMs.value, tries: 1 });
    if (server !== undefined) resolver.setServers([server]);
    try {
      return { ok: true, addresses: await resolver.resolve4(hostname) };
    } catch (error) {
      return { ok: false, reason: `${hostname}: ${messageOf(error)}` };
    }
  };
}

/** The ready addresses in the EndpointSlices of the headless Service `name` in `namespace`. */
export function discoverByEndpointSlices(
  kubectl: Kubectl,
  service: { readonly namespace: string; readonly name: string },
): Discover {
  return async () => {
    try {
      const label = `kubernetes.io/service-name=${service.name}`;
      const json = await kubectl('-n', service.namespace, 'get', 'endpointslices', '-l', label, '-o', 'json');
      return { ok: true, addresses: readyAddresses(JSON.parse(json) as EndpointSliceList) };
    } catch (error) {
      return { ok: false, reason: messageOf(error) };
    }
  };
}

/** Always the same addresses: for one SFU without Kubernetes. */
export function discoverFixed(addresses: readonly string[]): Discover {
  return () => Promise.resolve({ ok: true, addresses });
}

/** The part of discovery.k8s.io/v1 that is read here. */
export interface EndpointSliceList {
  readonly items: readonly {
    readonly addressType: string;
    readonly endpoints?: readonly {
      readonly addresses: readonly string[];
      readonly conditions?: { readonly ready?: boolean };
    }[];
  }[];
}

/** Pure: the addresses that DNS would answer with. `ready` absent means ready (Kubernetes API convention). */
export function readyAddresses(list: EndpointSliceList): string[] {
  const addresses = list.items
    .filter((slice) => slice.addressType === 'IPv4')
    .flatMap((slice) => slice.endpoints ?? [])
    .filter((endpoint) => endpoint.conditions?.ready !== false)
    .flatMap((endpoint) => endpoint.addresses);
  return [...new Set(addresses)];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
