/** The DNS name of a cluster as Mattermost's resolver sees it: endpoints a moment late, and cached for their time to live. */
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { isTrue } from '../../../operator/reconcile/nodeView.ts';
import type { SimApiServer } from './apiServer.ts';
import { isSelected } from './objects.ts';
import type { Random } from './random.ts';
import type { SimTime } from './time.ts';

/** What a name is made of. */
export interface DnsDeps {
  readonly server: SimApiServer;
  readonly time: SimTime;
  readonly random: Random;
  readonly namespace: string;
  /** Longest time a resolver keeps an answer, seconds. */
  readonly ttlSeconds: number;
}

/** A name. */
export interface DnsName {
  /** What a query gets now: addresses, at times from a cache. */
  resolve(): readonly string[];
}

/** Longest way of a change through the endpoint controller and to CoreDNS. */
const endpointMs = 2_000;

/** The pods that are ready and not going, of those that the headless Service selects. */
export function readyEndpoints(server: Pick<SimApiServer, 'list'>, namespace: string): readonly KubeObject[] {
  const [service] = server
    .list(resources.services)
    .filter(({ metadata, ...fields }) => metadata.namespace === namespace && isHeadless(fields));
  if (service === undefined) return [];
  const { selector } = service['spec'] as { readonly selector: Readonly<Record<string, string>> };
  const terms = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  return server
    .list(resources.pods)
    .filter(
      (pod) => pod.metadata.namespace === namespace && isSelected(pod, terms.join(',')) && isReady(pod),
    );
}

function isHeadless(fields: Readonly<Record<string, unknown>>): boolean {
  return (fields['spec'] as { readonly clusterIP?: string }).clusterIP === 'None';
}

function isReady({ metadata, ...fields }: KubeObject): boolean {
  const { conditions } = (fields['status'] ?? {}) as { readonly conditions?: Parameters<typeof isTrue>[0] };
  return metadata.deletionTimestamp === undefined && isTrue(conditions, 'Ready');
}

/** Follows the pods of one namespace. */
export function createDnsName(deps: DnsDeps): DnsName {
  const { server, time, random, namespace, ttlSeconds } = deps;
  let published: readonly string[] = [];
  let cached: { readonly addresses: readonly string[]; readonly untilMs: number } | undefined;
  server.subscribe(({ resource }) => {
    if (resource.kind !== 'Pod') return;
    time.after(random.between(100, endpointMs), () => {
      published = readyEndpoints(server, namespace).map(addressOf);
    });
  });
  return {
    resolve() {
      if (cached === undefined || cached.untilMs <= time.nowMs)
        cached = { addresses: published, untilMs: time.nowMs + random.between(0, ttlSeconds) * 1000 };
      return cached.addresses;
    },
  };
}

function addressOf(pod: KubeObject): string {
  return (pod['status'] as { readonly podIP?: string }).podIP ?? '';
}
