/** People who call through many light SFUs: they go where DNS says, to a host that does not drain, and stay a while. */
import { labels } from '../../../operator/desired/names.ts';
import type { KubeApi, Resource } from '../../../operator/kube/api.ts';
import { eventually } from '../../support/eventually.ts';
import type { ManyNodes } from './manyNodes.ts';
import type { ManySfu } from './manyKubelets.ts';

/** See the file comment. */
export interface Crowd {
  /** Calls that began. */
  readonly started: () => number;
  /** Calls that did not find any host. */
  readonly unserved: () => number;
  /** Nobody begins a call any more; resolves when the last one has ended. */
  stop(): Promise<void>;
}

/** How they call. */
export interface CrowdOptions {
  readonly namespace: string;
  readonly callsPerSecond: number;
  /** Each lasts between half of it and all of it. */
  readonly longestMs: number;
}

const slices: Resource = {
  group: 'discovery.k8s.io',
  version: 'v1',
  plural: 'endpointslices',
  kind: 'EndpointSlice',
  namespaced: true,
};
/** As often as the plugin asks. */
const lookMs = 2_000;
const peoplePerCall = 3;

interface SlicePart {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
  }[];
}

/** Begins at once. */
export function startCrowd(kube: KubeApi, nodes: Pick<ManyNodes, 'sfuAt'>, options: CrowdOptions): Crowd {
  let hosts: readonly string[] = [];
  let started = 0;
  let unserved = 0;
  let present = 0;
  const look = async (): Promise<void> => {
    // Slices have the labels of their Service.
    const labelSelector = labels.cluster;
    const { items } = await kube.list(slices, { namespace: options.namespace, labelSelector, limit: 1_000 });
    const found = (items as unknown as readonly SlicePart[]).flatMap(({ endpoints = [] }) =>
      endpoints.filter(({ conditions }) => conditions?.ready === true).flatMap(({ addresses }) => addresses),
    );
    if (found.length > 0) hosts = [...new Set(found)];
  };
  /** The plugin asks a host whether it drains before it sends a call there. */
  const pick = (): ManySfu | undefined => {
    const open = hosts.flatMap((address) => nodes.sfuAt(address) ?? []).filter(isOpen);
    return open[Math.floor(Math.random() * open.length)];
  };
  const call = (): void => {
    const sfu = pick();
    if (sfu === undefined) {
      unserved += hosts.length > 0 ? 1 : 0;
      return;
    }
    started += 1;
    present += 1;
    sfu.sessions += peoplePerCall;
    setTimeout(
      () => {
        sfu.sessions -= peoplePerCall;
        present -= 1;
      },
      options.longestMs * (0.5 + Math.random() / 2),
    );
  };
  const looking = setInterval(() => void look().catch(() => undefined), lookMs);
  const calling = setInterval(call, 1_000 / options.callsPerSecond);
  return {
    started: () => started,
    unserved: () => unserved,
    async stop() {
      clearInterval(looking);
      clearInterval(calling);
      await eventually(() => (present === 0 ? undefined : `${present} calls to end`), {
        timeoutMs: options.longestMs + 10_000,
      });
    },
  };
}

function isOpen({ isDraining, isEnding }: ManySfu): boolean {
  return !isDraining && !isEnding;
}
