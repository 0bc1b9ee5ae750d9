/**
 * Every name and address of a cluster follows from its slot, a small number
 * that no other cluster on the machine has at the same time.
 */

/** How many clusters fit on one machine. */
export const slotCount = 50;

/** Names and addresses of one cluster. */
export interface Addresses {
  /** Network namespace of the switch and the control plane, the machine's own link to it, and prefix of all else: `rtc0`. */
  readonly prefix: string;
  /** The switch: API server and DNS listen here. */
  readonly controlPlane: string;
  /** The machine itself on the node network. */
  readonly machine: string;
  readonly apiServer: string;
  /** All pods; node I has the I-th /24 of it. */
  readonly podNetwork: string;
  /** The same in all clusters: it leads nowhere outside of its own nodes. */
  readonly serviceNetwork: string;
  readonly kubernetesService: string;
}

/** One node. */
export interface NodeAddresses {
  /** 1 to 9. */
  readonly index: number;
  /** Node name and the switch's port: `n1`. */
  readonly name: string;
  /** Network namespace. */
  readonly namespace: string;
  readonly address: string;
  readonly podRange: string;
}

/** Names and addresses of the cluster in `slot`. */
export function addressesOf(slot: number): Addresses {
  const controlPlane = `10.99.${slot}.1`;
  return {
    prefix: `rtc${slot}`,
    controlPlane,
    machine: `10.99.${slot}.2`,
    apiServer: `https://${controlPlane}:6443`,
    podNetwork: `10.${100 + slot}.0.0/16`,
    serviceNetwork: '10.96.0.0/16',
    kubernetesService: '10.96.0.1',
  };
}

/** Names and addresses of the nodes 1 to `count` of the cluster in `slot`. */
export function nodesOf(slot: number, count: number): readonly NodeAddresses[] {
  return Array.from({ length: count }, (_, at) => {
    const index = at + 1;
    return {
      index,
      name: `n${index}`,
      namespace: `rtc${slot}-n${index}`,
      address: `10.99.${slot}.${10 + index}`,
      podRange: `10.${100 + slot}.${index}.0/24`,
    };
  });
}

/**
 * The lowest slot that is neither taken by another cluster nor in the way of an
 * address that the machine has for other reasons; undefined when all are.
 */
export function freeSlot(taken: readonly number[], machineAddresses: readonly string[]): number | undefined {
  return Array.from({ length: slotCount }, (_, slot) => slot).find(
    (slot) =>
      !taken.includes(slot) &&
      !machineAddresses.some(
        (address) => address.startsWith(`10.99.${slot}.`) || address.startsWith(`10.${100 + slot}.`),
      ),
  );
}
