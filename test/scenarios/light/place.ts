/** Where one light scenario is on a cluster that others use too: a namespace, nodes, and how to know its nodes. */
import type { Cluster } from '../../cluster/options.ts';
import { linkAddress } from '../../support/linkAddresses.ts';

/** See the file comment. */
export interface Place {
  readonly namespace: string;
  /** `kubernetes.io` style label of its nodes. */
  readonly nodeLabels: Readonly<Record<string, string>>;
  /** The same as a selector. */
  readonly nodeSelector: string;
  readonly nodeName: (node: number) => string;
  /** Of node 1, 2, …; this machine answers on them. */
  readonly addressOf: (node: number) => Promise<string>;
}

/** Nodes at most, with those addresses that a node changes to. */
const placeSize = 10;
const label = 'test/place';

/** Place number `lane` has addresses of its own; `name` is that of its namespace. */
export function placeOn(cluster: Pick<Cluster, 'machineAddress'>, lane: number, name: string): Place {
  return {
    namespace: name,
    nodeLabels: { [label]: name },
    nodeSelector: `${label}=${name}`,
    nodeName: (node) => `${name}-n${node}`,
    addressOf: (node) => linkAddress(cluster, lane * placeSize + node - 1),
  };
}
