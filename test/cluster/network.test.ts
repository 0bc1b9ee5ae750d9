import { expect, test } from '@jest/globals';
import { addressesOf, freeSlot, nodesOf, slotCount } from './addresses.ts';
import { networkPlan } from './network.ts';

test('clusters in different slots share no name and no address of the node and pod networks', () => {
  const [one, other] = [0, 1].map((slot) => {
    const { prefix, controlPlane, machine, apiServer, podNetwork } = addressesOf(slot);
    const nodes = nodesOf(slot, 3).flatMap(({ namespace, address, podRange }) => [
      namespace,
      address,
      podRange,
    ]);
    return [prefix, controlPlane, machine, apiServer, podNetwork, ...nodes];
  });
  expect(one?.filter((value) => other?.includes(value))).toEqual([]);
});

test('link names fit into the 15 bytes that the kernel allows, in the last slot too', () => {
  const plan = networkPlan(addressesOf(slotCount - 1), nodesOf(slotCount - 1, 3));
  const lines = [...plan.machine, ...Object.values(plan.namespaces).flat()];
  const names = lines.flatMap((line) => /^link add (\S+)/.exec(line)?.[1] ?? []);
  expect(names).toHaveLength(5);
  for (const name of names) expect(name.length).toBeLessThan(16);
});

test('a slot is free when no cluster has it and the machine has no address in its networks', () => {
  expect(freeSlot([], [])).toBe(0);
  expect(freeSlot([0, 2], [])).toBe(1);
  expect(freeSlot([], ['127.0.0.1', '10.99.0.7'])).toBe(1);
  expect(freeSlot([], ['10.100.3.4', '10.99.1.2'])).toBe(2);
  expect(
    freeSlot(
      Array.from({ length: slotCount }, (_, slot) => slot),
      [],
    ),
  ).toBeUndefined();
});

test('every node has a cable to the switch and a way to the pods of the others', () => {
  const plan = networkPlan(addressesOf(0), nodesOf(0, 2));
  expect(plan.namespaces['rtc0']).toContain('link add n2 type veth peer name eth0 netns rtc0-n2');
  expect(plan.namespaces['rtc0-n1']).toContain('route add 10.100.2.0/24 via 10.99.0.12');
  expect(plan.namespaces['rtc0-n1']).not.toContain('route add 10.100.1.0/24 via 10.99.0.11');
});

test('the machine itself is on the switch, and routes to the pods', () => {
  const { machine } = networkPlan(addressesOf(3), nodesOf(3, 1));
  expect(machine).toContain('addr add 10.99.3.2/24 dev rtc3');
  expect(machine).toContain('route add 10.103.1.0/24 via 10.99.3.11');
});
