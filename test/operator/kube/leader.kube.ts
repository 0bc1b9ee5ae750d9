import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { KubeApi } from '../../../operator/kube/api.ts';
import { createKubeClient, type KubeClient } from '../../../operator/kube/client.ts';
import { systemClock } from '../../../operator/kube/clock.ts';
import { createElection, type Election } from '../../../operator/kube/leader.ts';
import { configMaps, leases } from '../../../operator/kube/resources.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import { startCluster } from '../../cluster/cluster.ts';
import type { Cluster } from '../../cluster/options.ts';
import { startProxy, type ApiProxy } from '../../cluster/proxy.ts';
import { eventually } from '../../support/eventually.ts';

const namespace = 'default';
/** A fifth of the real ones. */
const times = { durationMs: 3000, renewDeadlineMs: 2000, retryMs: 400 };

interface Replica {
  readonly client: KubeClient;
  readonly election: Election;
  /** What the rest of the replica writes through. */
  readonly fenced: KubeApi;
  readonly told: string[];
}

let cluster: Cluster;
/** The way of replica a; b goes straight to the server. */
let proxy: ApiProxy;
const replicas: Replica[] = [];
let lease = '';

beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
  proxy = await startProxy(cluster);
}, 300_000);
afterEach(async () => {
  for (const { election, client } of replicas.splice(0)) {
    await election.close();
    await client.close();
  }
});
afterAll(async () => {
  await proxy.close();
  await cluster.stop();
}, 60_000);

function replica(identity: string, kubeconfig: string): Replica {
  const client = createKubeClient({ kubeconfig });
  const told: string[] = [];
  const election = createElection({
    ...{ kube: client.api({ timeoutMs: 1000 }), lease: { namespace, name: lease }, identity, times },
    ...{ clock: systemClock, log: silentLog },
    onElected: () => told.push('elected'),
    onLost: (reason) => told.push(`lost: ${reason}`),
  });
  const started = { client, election, told, fenced: client.api({ fence: election.fence }) };
  replicas.push(started);
  election.start();
  return started;
}

const is = (what: string, { told }: Replica): Promise<void> =>
  eventually(() => (told.some((line) => line.startsWith(what)) ? undefined : `not ${what}: ${told.join()}`));

async function two(name: string): Promise<[Replica, Replica]> {
  lease = name;
  const a = replica('a', proxy.kubeconfig);
  await is('elected', a);
  return [a, replica('b', cluster.kubeconfig)];
}

const write = ({ fenced }: Replica, value: string): Promise<unknown> =>
  fenced.apply(configMaps, {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: lease, namespace } },
    data: { value },
  });

test('of two replicas one leads, and only that one can write', async () => {
  const [a, b] = await two('one-leads');
  await write(a, 'a');
  await expect(write(b, 'b')).rejects.toThrow(/refused: this replica does not lead \(candidate\)/);
  expect([a.told, b.told]).toEqual([['elected'], []]);
});

test('a leader cut off from the server cannot write any more when the other one leads, and never again', async () => {
  const [a, b] = await two('cut-off');
  const lift = proxy.fail({ kind: 'cut' });
  await is('lost: could not renew', a);
  expect(b.told).toEqual([]);
  await is('elected', b);
  lift();
  await expect(write(a, 'a')).rejects.toThrow(/refused: this replica does not lead \(lost\)/);
  await write(b, 'b');
  expect(a.told).toHaveLength(2);
});

test('a write that hangs when the lead is lost ends before the other one leads', async () => {
  const [a, b] = await two('hanging');
  const lift = proxy.fail({ kind: 'hold' });
  const hanging = write(a, 'late');
  await expect(hanging).rejects.toThrow(/no answer within \d+ ms/);
  expect(b.told).toEqual([]);
  await is('elected', b);
  lift();
});

test('a leader that closes hands over; its lease names nobody until the next one takes it', async () => {
  const [a, b] = await two('handed-over');
  await a.election.close();
  await is('elected', b);
  const { spec } = (await b.client.api().get(leases, { namespace, name: lease })) as unknown as {
    spec: { holderIdentity: string; leaseTransitions: number };
  };
  expect(spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
  await expect(write(a, 'a')).rejects.toThrow(/does not lead \(closed\)/);
});
